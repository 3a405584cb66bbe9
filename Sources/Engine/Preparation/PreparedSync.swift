internal import Messages
internal import Rows
internal import Settings
internal import Snapshot

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
    let snapshot = try await state.loadSnapshot(
      for: comparison,
      shapeNumber: shapeNumber,
      isWriting: run.purpose != .inspection
    )
    let intent = ScanIntent(
      sync,
      run.options,
      known: snapshot.count,
      isInitialized: try await state.value(.isInitialized) != nil
    )
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
    policy.changesMax = intent.limit
    policy.refused = try await state.refusedKeys()
    if intent.isBackfill { policy.backfillFrom = try await backfillStart() }
    return policy
  }

  /// The first batch of this backfill: that of an interrupted one if there is one.
  private func backfillStart() async throws -> Int {
    if !run.options.restartsBackfill, let known = try await state.value(.backfill),
      let number = Int(known)
    {
      run.note("continuing the backfill that was interrupted")
      return number
    }
    let number = try await state.nextBatchNumber()
    try await state.set(.backfill, to: String(number))
    return number
  }
}

/// What a scan is for.
struct ScanIntent {
  /// Rows of the snapshot.
  let known: Int
  /// Whether no complete result was ever taken in.
  let isFirst: Bool
  /// Whether rows are remembered without a message: the whole result, or nothing.
  let isSilent: Bool
  /// Whether every row is sent again.
  let isBackfill: Bool
  /// Most additions and changes, nil for any number: with a bound nothing is removed.
  let limit: Int?

  init(_ sync: SyncSettings, _ options: RunOptions, known: Int, isInitialized: Bool) {
    self.known = known
    isFirst = known == 0 && !isInitialized
    let isSkipped = isFirst && sync.initialSync == .skip && options.command == .run
    isSilent = options.command == .resetToCurrent || isSkipped
    isBackfill = options.command == .backfill
    limit = isSilent ? nil : options.limit
  }

  /// Whether batches are sent while the result is read: nothing is to be judged first.
  var streams: Bool { !isSilent && (isFirst || isBackfill) }
}
