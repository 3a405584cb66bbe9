internal import Messages
internal import Reports
internal import Rows
internal import Settings
internal import Snapshot

/// The steps of a run whose state is open.
struct RunBody {
  let run: SyncRun
  let state: StateFile
  let identity: RunIdentity
  let number: Int
  let recent: RecentMessages

  var sync: SyncSettings { run.sync }
  private var progress: RunProgress { run.progress }

  /// Recovers, scans, judges, sends and commits.
  func execute() async throws {
    let source = run.source
    run.interruption.onRequest { source.cancel() }
    let cluster = try await run.sink.connect()
    try await checkCluster(cluster)
    let unreachable = try await rememberSource()
    try await checkTopics()
    try await state.set(.cluster, to: cluster)
    let shapes = ShapeCatalog(try await state.shapes())
    let stateID = try await state.identity().id
    recent.use(stateID: stateID, shapes)
    let composer = makeComposer(stateID, shapes)
    let session = try await openTransactions()
    try await tellNewPartitions()
    let recovered = try await recover(composer, shapes, session)
    try run.interruption.check()
    if let unreachable { throw unreachable }
    try await checkFixedTopics()

    let shape = try await run.source.open(run.model)
    try checkColumns(shape)
    try await checkPrimaryKey()
    let key = run.model.primaryKey.map(\.value).joined(separator: "\n")
    try await state.set(.primaryKey, to: key)
    let shapeNumber = try await state.remember(shape)
    shapes[shapeNumber] = shape
    try composer.use(shape, number: shapeNumber)
    try await remark(on: shape, number: shapeNumber)
    let delivery = makeDelivery(composer, shapes, session)
    try await scanAndDeliver(shape, shapeNumber, composer, delivery)
    try await session?.renew()
    try await remember(delivery.topics)
    // A batch that could not be sent again is told at the end: the rest of the run goes on.
    if let failure = recovered { throw failure }
    try await state.tidy()
  }

  /// Stops where the source is another database than before; else remembers it.
  ///
  /// Returns why the source cannot be asked: what was written down is finished without it.
  private func rememberSource() async throws -> RunError? {
    let origin: SourceOrigin
    do {
      origin = try await run.source.origin()
    } catch {
      try run.interruption.check()
      return SyncRun.runError(error)
    }
    try await state.set(.source, to: try await checkSource(origin).text)
    return nil
  }

  /// The same, with what stopped it as a value.
  func executeCatching() async -> RunError? {
    do {
      try await execute()
      return nil
    } catch {
      let failure = SyncRun.runError(error)
      // What a cancelled query or a closing connection says comes of the signal.
      let isOfSignal = run.interruption.isRequested && failure.code == .failed
      return isOfSignal ? RunInterruption.error : failure
    }
  }

  /// Writes the end of the run into the history.
  func end(_ report: RunReport) async throws {
    try await state.endRun(
      number,
      finishedAt: report.finishedAt,
      outcome: report.outcome.rawValue,
      message: report.error?.message,
      counts: report.counts.json.jsonText,
      problems: report.problems,
      messages: recent.takeRecords(),
      keeping: run.options.historyRuns,
      keepingMessages: run.options.historyMessages
    )
    try await state.checkpoint()
  }

  /// Remembers the ids of topics that were sent to for the first time, and the partitions of all.
  private func remember(_ topics: Set<String>) async throws {
    let known = try await state.topicPartitions()
    let counts = Dictionary(
      topics.union(known.keys).compactMap { topic in
        run.sink.partitions(of: topic).map { (topic, $0) }
      }
    ) { $1 }
    try await state.remember(topicPartitions: counts.filter { known[$0.key] != $0.value })
    let new = topics.subtracting(try await state.topicIDs().keys)
    if new.isEmpty { return }
    try await state.remember(topicIDs: await run.sink.topicIDs().filter { new.contains($0.key) })
  }

  // MARK: - Delivery

  /// Makes what turns rows into messages.
  ///
  /// A plan composes also for topics that a run would create.
  func makeComposer(_ stateID: String?, _ shapes: ShapeCatalog, isPlan: Bool = false) -> Composer {
    let sink = run.sink
    let newPartitions = isPlan ? sink.newTopicPartitions : nil
    let first = identity.startedAt / 1000 & 0xFFFF
    let topics = Topics(firstPartition: first) { topic in
      (sink.partitions(of: topic) ?? newPartitions).map { $0 > 0 ? .count($0) : .unknown }
        ?? .unknown
    }
    return Composer(
      sync: sync,
      model: run.model,
      stateID: stateID,
      run: identity,
      topics: topics,
      shapeOf: { shapes[$0] }
    )
  }

  /// Registers for transactions where the sync is delivered exactly once, and learns what became
  /// of those of an earlier run.
  private func openTransactions() async throws -> TransactionSession? {
    let wasHeld = try await state.transactionMark().isHeld
    if sync.delivery == .atLeastOnce && !wasHeld { return nil }
    guard let sink = run.sink as? any TransactionalSink else { throw noTransactions }
    let session = try await TransactionSession(sink, of: state, sync: sync.name, note: run.note)
    let settled = try await session.open()
    if settled > 0 { run.note("\(settled) batches of an earlier run turned out to be committed") }
    if sync.delivery == .exactlyOnce { return session }
    // Delivered exactly once until now.
    try await session.close()
    return nil
  }

  private func makeDelivery(
    _ composer: Composer,
    _ shapes: ShapeCatalog,
    _ session: TransactionSession?,
    finishing places: StandingPlaces? = nil
  ) -> any Delivery {
    let batches = BatchComposer(
      sync: sync,
      sink: run.sink,
      composer: composer,
      progress: progress,
      problems: run.problems,
      describe: ProblemDescriber(
        primaryKey: run.model.primaryKey.map(\.value),
        shapeOf: { shapes[$0] }
      ),
      recent: recent,
      isRecovery: places != nil
    )
    let isRecovery = places != nil
    let places = places ?? StandingPlaces()
    guard let session else {
      return AtLeastOnceDelivery(
        batches,
        of: self,
        isRecovery: isRecovery,
        places: places,
        clock: run.clock
      )
    }
    return ExactlyOnceDelivery(
      batches,
      in: session,
      of: self,
      isRecovery: isRecovery,
      places: places,
      clock: run.clock
    )
  }

  /// Sends again what an earlier run wrote down and did not see acknowledged.
  ///
  /// Returns why a batch could not be sent; its rows are found anew by the scan.
  private func recover(
    _ composer: Composer,
    _ shapes: ShapeCatalog,
    _ session: TransactionSession?
  ) async throws -> RunError? {
    let prepared = try await state.preparedBatches()
    var failure: RunError?
    if !prepared.isEmpty {
      progress.enter(.recovering)
      run.note("finishing \(prepared.count) batches of an earlier run")
      composer.remembersPlaces = sync.onMove == .tombstone && composer.mayMove
      // What the run that is finished here sent before it was stopped, stands.
      let places = StandingPlaces(bytes: try await state.places())
      let delivery = makeDelivery(composer, shapes, session, finishing: places)
      try await deliver(prepared, delivery)
      failure = delivery.failures.first
    }
    try await state.forgetPlaces()
    try await state.dropStaged()
    return failure
  }

  /// Sends the prepared batches `numbers`, in order.
  private func deliver(_ numbers: [Int], _ delivery: any Delivery) async throws {
    let batches = WrittenBatches(numbers, of: state, withPrevious: delivery.needsPrevious)
    try await delivery.deliver(batches)
  }

  // MARK: - Scan

  private func scanAndDeliver(
    _ shape: Shape,
    _ shapeNumber: Int,
    _ composer: Composer,
    _ delivery: any Delivery
  ) async throws {
    progress.enter(.scanning)
    let comparison = comparison(shape)
    let snapshot = try await state.loadSnapshot(
      for: comparison,
      shapeNumber: shapeNumber,
      isWriting: true
    )
    let known = snapshot.count
    let isInitialized = try await state.value(.isInitialized) != nil
    let isFirst = known == 0 && !isInitialized
    let isSkipped = isFirst && sync.initialSync == .skip && run.options.command == .run
    if isFirst {
      let effect = isSkipped ? ", which `initial_sync: skip` remembers without sending it" : ""
      run.note("no state: initial sync\(effect)")
    }
    let isSilent = run.options.command == .resetToCurrent || isSkipped
    // A result that is remembered silently is remembered whole, or not at all.
    let limit = isSilent ? nil : run.options.limit
    let policy = try await policy(isSilent: isSilent, limit: limit)
    let diff = try await makeDiff(snapshot, policy, comparison)
    let scan = Scan(
      body: self,
      diff: diff,
      shape: shape,
      shapeNumber: shapeNumber,
      isPartial: limit != nil
    )
    let streams = !isSilent && (isFirst || run.options.command == .backfill)
    // In a first run nothing moves.
    composer.remembersPlaces = !isFirst && sync.onMove == .tombstone && composer.mayMove
    let firstBatch = try await state.nextBatchNumber()
    if streams {
      try await scan.stream(delivery, isBackfill: run.options.command == .backfill)
    } else {
      try await scan.stage(known: known, isSilent: isSilent)
      if !isSilent { try await deliver(try await state.preparedBatches(), delivery) }
    }
    if let failure = delivery.failures.first { throw failure }
    try await state.forgetPlaces()
    if limit == nil { try await finish(shapeNumber, firstBatch: firstBatch) }
  }

  private func finish(_ shapeNumber: Int, firstBatch: Int) async throws {
    // Every row that was refused before was tried again since.
    try await state.forgetRefusals(before: firstBatch)
    try await state.set(.isInitialized, to: "1")
    try await state.set(.shape, to: String(shapeNumber))
    try await state.set(.modelHash, to: ModelHash.text(of: run.model))
    // Only where every row went out under these settings: until then `plan` names `backfill`.
    let known = try await state.value(.settingsHash)
    if known == nil || run.options.command == .backfill {
      try await state.set(.settingsHash, to: SettingsHash.text(of: sync))
    }
    if run.options.command == .backfill { try await state.set(.backfill, to: nil) }
  }

  func comparison(_ shape: Shape) -> StateFile.Comparison {
    let key = run.model.primaryKey.map(\.value)
    let counted = sync.changedWhen.value.counted(of: shape.columns.map(\.name), key: key)
    return StateFile.Comparison(shape: shape, key: key, counted: counted)
  }

  /// Compares lines of the result with `snapshot`, which it takes over.
  func makeDiff(
    _ snapshot: Snapshot,
    _ policy: Diff.Policy,
    _ comparison: StateFile.Comparison
  ) async throws -> Diff {
    let shape = comparison.shape
    return Diff(
      snapshot: snapshot,
      policy: policy,
      secret: try await state.identity().secret,
      fieldCount: shape.columns.count,
      key: comparison.keyFields(of: shape) ?? [],
      counted: comparison.counted.compactMap { shape.index(of: $0) }
    )
  }

  func policy(isSilent: Bool, limit: Int?) async throws -> Diff.Policy {
    let sync = sync
    var policy = Diff.Policy { sync[$0].isSelected }
    policy.isSilent = isSilent
    policy.resendsOlderShapes = sync.onModelChange == .resend
    policy.changesMax = limit
    policy.refused = try await state.refusedKeys()
    if run.options.command == .backfill { policy.backfillFrom = try await backfillStart() }
    return policy
  }

  /// The first batch of this backfill: that of an interrupted one where there is one.
  private func backfillStart() async throws -> Int {
    if !run.options.restartsBackfill, let known = try await state.value(.backfill),
      let number = Int(known)
    {
      run.note("going on with the backfill that was interrupted")
      return number
    }
    let number = try await state.nextBatchNumber()
    try await state.set(.backfill, to: String(number))
    return number
  }
}
