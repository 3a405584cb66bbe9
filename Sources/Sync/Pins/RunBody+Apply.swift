internal import Reports
internal import Settings
internal import State

/// Sending what a plan pinned.
extension RunBody {
  /// Brings the batches of `plan` into the state and sends them, once; or finishes what an earlier
  /// attempt brought.
  func apply(_ plan: PinnedPlan) async throws {
    let comparison = PlanComparison(plan, state)
    let isBrought = try await state.application(ofPlan: plan.id) != nil
    if !isBrought { try await comparison.checkSnapshot(in: number, shapes) }
    let cluster = try await preparation.connectDestination()
    try await preparation.checkTopics()
    if !isBrought { try await comparison.checkDestination(run.sink, cluster: cluster) }
    recent.use(stateID: try await state.identity().id, shapes)
    if !isBrought, let stop = guards(of: plan).stop(run.options) { throw stop }
    let session = try await openTransactions()
    let firstBatch = try await state.nextBatchNumber()
    let topics: Set<String>
    if isBrought {
      if let failure = try await recover(session) { throw failure }
      topics = Set(plan.header.topics.map(\.name))
    } else {
      try await state.drop(.staged)
      try run.interruption.check()
      try await bring(plan)
      topics = try await deliver(session)
      if !plan.isPartial { try await state.forgetRefusals(before: firstBatch) }
    }
    try await session?.renew()
    try await remember(topics)
    try await finish(plan)
    try await state.tidy()
  }

  private func guards(of plan: PinnedPlan) -> PinnedGuards {
    PinnedGuards(sync: sync, figures: plan.header.figures, judged: plan.header.judged)
  }

  /// From here on the next run sends the messages, if this one does not.
  private func bring(_ plan: PinnedPlan) async throws {
    guard let comparison = plan.comparison else { throw RunError(plan.file.damage("shape")) }
    let header = plan.header
    var arrival = StateFile.Arrival(
      path: plan.path,
      plan: plan.id,
      run: header.run,
      time: run.clock.wallTime(),
      comparison: comparison
    )
    arrival.messageSettings = header.messageSettings
    let runs = try await state.runs(limit: 2).map(\.number)
    // A run since may have seen rows again that the plan missed.
    arrival.isLastResult = !plan.isPartial && !runs.contains { $0 > header.lastRun && $0 < number }
    try await state.bring(arrival) { meta, _ in
      meta.primaryKey = header.primaryKey
      meta.cluster = header.cluster
      meta.source = header.source
    }
    for (number, shape) in try await state.shapes() { shapes[number] = shape }
    let counts = header.counts
    progress.update { total in
      total.added = counts.added
      total.changed = counts.changed
      total.removed = counts.removed
      total.remembered = counts.remembered
    }
    run.onArrival?()
  }

  /// Returns the topics that messages were for.
  private func deliver(_ session: TransactionSession?) async throws -> Set<String> {
    progress.enter(.delivering)
    let delivery = makeDelivery(makeBatches(isRecovery: false), session)
    try await deliver(try await state.preparedBatches(), delivery)
    if let failure = delivery.failures.first { throw failure }
    try await state.forgetPlaces()
    return delivery.topics
  }

  /// What the state says of itself when everything is sent.
  private func finish(_ plan: PinnedPlan) async throws {
    let header = plan.header
    if plan.isPartial && !header.isWhole { return }
    let settings = try await state.use(messageSettings: header.messageSettings)
    let isPartial = plan.isPartial
    guard let shape = plan.comparison?.shape else { return }
    let number = try await state.number(of: shape)
    try await state.update { meta in
      if header.isWhole || meta.settingsHash == nil {
        meta.settingsHash = header.settingsHash
        meta.wholeSettings = settings
      }
      if isPartial { return }
      meta.isInitialized = true
      meta.shape = number
      meta.modelHash = header.modelHash
      if header.isWhole { meta.backfill = nil }
    }
  }
}
