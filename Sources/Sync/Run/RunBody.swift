internal import Messages
internal import Reports
internal import Rows
internal import Settings
internal import State

/// The steps of a run whose state is open.
struct RunBody {
  let preparation: SyncPreparation
  /// Of the run, in the history; 0 for a plan.
  let number: Int
  let recent: RecentMessages

  var run: SyncRun { preparation.run }
  var state: StateFile { preparation.state }
  var sync: SyncSettings { run.sync }
  private var identity: RunIdentity { preparation.identity }
  var shapes: ShapeCatalog { preparation.shapes }
  private var composer: Composer { preparation.composer }
  var progress: RunProgress { run.progress }

  /// Enters a run into the history; a plan is not one.
  init(_ run: SyncRun, state: StateFile, identity: RunIdentity) async throws {
    if run.isPlan {
      number = 0
    } else {
      number = try await state.beginRun(
        id: identity.id,
        command: run.options.command.rawValue,
        startedAt: identity.startedAt
      )
    }
    preparation = try await SyncPreparation(run, state: state, identity: identity)
    recent = RecentMessages(
      countMax: run.isPlan ? 0 : run.options.historyMessages,
      primaryKey: preparation.primaryKey
    )
  }

  /// Recovers, scans, judges, sends and commits.
  func execute() async throws {
    if case .application(let plan) = run.purpose { return try await apply(plan) }
    let unreachable = try await preparation.connect()
    try await state.use(sync, run.model)
    recent.use(stateID: try await state.identity().id, shapes)
    let session = try await openTransactions()
    try await preparation.tellNewPartitions()
    let recovered = try await recover(session)
    try run.interruption.check()
    if let unreachable { throw unreachable }
    try await preparation.checkFixedTopics()
    let prepared = try await preparation.open()
    try await preparation.remark(on: prepared.shape, number: prepared.shapeNumber)
    try await judgeRows(prepared)
    let topics = try await scanAndDeliver(prepared, session)
    try await session?.renew()
    try await remember(topics)
    // A batch that could not be sent again is told at the end: the rest of the run is done first.
    if let failure = recovered { throw failure }
    if !run.isPlan { try await state.tidy() }
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
      report: report,
      messages: recent.takeRecords(),
      keeping: run.options.historyRuns,
      keepingMessages: run.options.historyMessages
    )
    try await state.checkpoint()
  }

  // MARK: - Delivery

  /// Registers for transactions if the sync is delivered exactly once, and learns what became of
  /// those of an earlier run.
  ///
  /// A plan only asks: it ends nobody's transaction.
  func openTransactions() async throws -> TransactionSession? {
    let mark = try await state.transactionMark()
    if sync.delivery == .atLeastOnce && !mark.isHeld { return nil }
    guard let transactions = run.sink.transactions else { throw noTransactions }
    let session = try await TransactionSession(
      transactions,
      at: run.sink,
      of: state,
      sync: sync.name,
      note: run.note
    )
    if run.isPlan {
      tellCommitted(try await session.look())
      return nil
    }
    tellCommitted(try await session.open())
    if sync.delivery == .exactlyOnce { return session }
    // Delivered exactly once until now.
    try await session.close()
    return nil
  }

  private func tellCommitted(_ batches: Int) {
    if batches > 0 { run.note("\(batches) batches of an earlier run turned out to be committed") }
  }

  /// The destination cannot deliver exactly once.
  private var noTransactions: RunError {
    RunError(
      .configuration,
      "destination \(run.sink.name) has no transactions, and `delivery` is exactly_once",
      kind: .destinationUnsupported
    )
  }

  func makeBatches(isRecovery: Bool, rejectedMax: Int? = nil) -> BatchComposer {
    let shapes = shapes
    let batches = BatchComposer(
      for: run,
      composer,
      describe: ProblemDescriber(
        primaryKey: preparation.primaryKey,
        shapeOf: { shapes[$0] }
      ),
      recent: recent,
      isRecovery: isRecovery,
      present: PresentPlaces(sync, of: state, composer),
      rejectedMax: rejectedMax,
      budget: ByteBudget(run.bytesUnderWayMax)
    )
    if !isRecovery, run.pins != nil {
      batches.pin = { [state] batch, messages in try await state.pin(batch, messages: messages) }
    }
    return batches
  }

  func makeDelivery(
    _ batches: BatchComposer,
    _ session: TransactionSession?,
    finishing places: StandingPlaces? = nil
  ) -> any Delivery {
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
  /// Returns why a batch could not be sent; its rows are found again by the scan.
  func recover(_ session: TransactionSession?) async throws -> RunError? {
    let prepared = try await state.preparedBatches()
    var failure: RunError?
    if !prepared.isEmpty {
      progress.enter(.recovering)
      if let recorder = run.recorder {
        recorder.note(preparedBatches: prepared.count)
      } else {
        run.note("finishing \(prepared.count) batches of an earlier run")
      }
      composer.remembersPlaces = needsPlaces
      try await state.noteSentAgain(prepared)
      // What the run that is finished here sent before it was stopped, stands.
      let places = StandingPlaces(bytes: try await state.places())
      let delivery = makeDelivery(makeBatches(isRecovery: true), session, finishing: places)
      try await deliver(prepared, delivery)
      failure = delivery.failures.first
    }
    try await state.forgetPlaces()
    try await state.drop(.staged)
    return failure
  }

  /// Whether a null value of this sync might erase the message of another row.
  private var needsPlaces: Bool {
    (sync.onMove == .tombstone && composer.mayMove)
      || sync.mayEraseRows
  }

  /// Sends the prepared batches `numbers`, in order.
  func deliver(_ numbers: [Int], _ delivery: any Delivery) async throws {
    let needsPrevious = delivery.needsPrevious
    let recorder = run.recorder
    let batches = WrittenBatches(numbers, of: state) {
      needsPrevious || recorder?.wantsPrevious ?? false
    }
    try await delivery.deliver(batches)
  }

  // MARK: - Scan

  /// Returns the topics that messages were made for.
  private func scanAndDeliver(
    _ prepared: PreparedSync,
    _ session: TransactionSession?
  ) async throws -> Set<String> {
    progress.enter(.scanning)
    let (diff, intent) = try await prepared.makeDiff()
    tell(intent)
    try await tellModelChange(prepared)
    run.recorder?.sample(
      with: PlanSampler(
        sync: sync,
        primaryKey: preparation.primaryKey,
        shapes: shapes,
        isPinned: run.pins != nil
      )
    )
    var scan = Scan(body: self, prepared: prepared, diff: diff, intent: intent)
    if run.options.sendsChangedMessages {
      scan.picker = try await ChangedMessages(prepared, intent)
    }
    // In a first run nothing moves.
    composer.remembersPlaces = !intent.isFirst && needsPlaces
    let firstBatch = try await state.nextBatchNumber()
    let rejections = RejectionJudge(run: run, intent: intent)
    run.pins?.begin(intent)
    let rejectedMax = run.pins == nil ? rejections.most : nil
    let batches = makeBatches(isRecovery: false, rejectedMax: rejectedMax)
    let delivery = makeDelivery(batches, session)
    do {
      if intent.streams {
        try await scan.stream(delivery)
      } else {
        try await scan.stage(showing: batches)
        if !intent.isSilent || run.pins != nil {
          try await deliver(try await state.preparedBatches(), delivery)
        }
      }
    } catch let error as TooManyRejections {
      // Of the batches that are left not one message was sent: the next run finds their rows.
      try await state.drop(.prepared)
      try await state.report(batches.takeUnsentProblems(), run: number)
      throw rejections.stop ?? error
    }
    if let failure = delivery.failures.first { throw failure }
    try await state.forgetPlaces()
    tellMissingKeys()
    scan.picker?.tell(left: diff.counts.left)
    try await run.pins?.end(self, topics: delivery.topics)
    if !intent.isPartial { try await finish(prepared.shapeNumber, firstBatch: firstBatch) }
    if run.options.sendsAllChangedMessages { try await finishChangedMessages() }
    return delivery.topics
  }

  private func tell(_ intent: ScanIntent) {
    guard intent.isFirst else { return }
    let effect = intent.isSilent ? ", which `initial_sync: skip` remembers without sending it" : ""
    run.note("no state: initial sync\(effect)")
  }

  /// Says what becomes of rows that are stored with other columns than the result's.
  private func tellModelChange(_ prepared: PreparedSync) async throws {
    guard let known = try await state.meta().shape else { return }
    let old = try await state.shape(known)
    if let change = ModelChange(from: old, to: prepared.shape, policy: sync.onModelChange) {
      run.note(change.text)
    }
  }
}
