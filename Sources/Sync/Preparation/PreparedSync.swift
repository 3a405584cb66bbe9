internal import Messages
internal import Rows
internal import Settings
internal import State

/// A sync whose connections answered, whose state is open and whose query can be read.
struct PreparedSync {
  let preparation: SyncPreparation
  /// The columns of the result.
  let shape: Shape
  /// The number under which the state remembers ``shape``; 0 if it does not, for a look at a row.
  let shapeNumber: Int
  /// What of a row is compared.
  let comparison: StateFile.Comparison

  var run: SyncRun { preparation.run }
  var state: StateFile { preparation.state }
  var sync: SyncSettings { preparation.sync }

  /// Loads the snapshot, and decides what the scan is for.
  func makeDiff() async throws -> (diff: Diff, intent: ScanIntent) {
    try await run.pins?.noteBefore(state)
    let snapshot = try await state.loadSnapshot(
      for: comparison,
      shapeNumber: shapeNumber,
      isWriting: !run.isInspection
    )
    run.pins?.note(self, snapshot)
    if snapshot.count > 0 { run.progress.expect(rows: snapshot.count) }
    var intent = ScanIntent(
      sync,
      run.options,
      known: snapshot.count,
      isInitialized: try await state.meta().isInitialized
    )
    if run.options.command == .backfill { intent.backfillFrom = try await backfillStart() }
    let diff = Diff(
      snapshot: snapshot,
      policy: try await policy(intent),
      secret: try await state.identity().secret,
      fieldCount: shape.columns.count,
      key: comparison.keyFields(of: shape) ?? [],
      counted: comparison.counted.compactMap { shape.index(of: $0) }
    )
    return (diff, intent)
  }

  private func policy(_ intent: ScanIntent) async throws -> Diff.Policy {
    let sync = sync
    var policy = Diff.Policy { sync[$0].isSelected }
    policy.isSilent = intent.isSilent
    policy.resendsOlderShapes = sync.onModelChange == .resend
    policy.repeatsOnly = run.options.sendsChangedMessages
    policy.changesMax = policy.repeatsOnly ? nil : intent.limit
    policy.refused = try await state.refusedKeys()
    policy.backfillFrom = intent.backfillFrom
    policy.grace = try await grace(intent)
    return policy
  }

  /// When rows that the result lacks are removed; nil for at once.
  private func grace(_ intent: ScanIntent) async throws -> Diff.Grace? {
    guard let rule = sync.removalGrace, !intent.isSilent else { return nil }
    let now = preparation.identity.startedAt
    return Diff.Grace(known: try await state.absences(), now: now) { rule.isOver($0, at: now) }
  }

  /// The first batch of this backfill: that of an interrupted one if there is one.
  private func backfillStart() async throws -> Int {
    // A part is sent as it is; a whole backfill that was interrupted continues another time.
    if run.options.isPartial { return try await state.nextBatchNumber() }
    if !run.options.restartsBackfill, let number = try await state.meta().backfill {
      run.note("continuing the backfill that was interrupted")
      return number
    }
    return try await state.nextBatchNumber()
  }
}
