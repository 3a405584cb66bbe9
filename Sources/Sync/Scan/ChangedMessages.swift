internal import Messages
internal import Reports
internal import Rows
internal import Settings
internal import State

/// Picks the rows of a backfill whose message under today's settings is another than under those that
/// made their last one.
///
/// Both messages are made of the row as it is now, so what differs comes of the settings alone. Used by
/// one task at a time.
final class ChangedMessages {
  private let run: SyncRun
  private let state: StateFile
  private let shape: Shape
  private let shapeNumber: Int
  /// Most rows that are picked; nil for any number.
  private let limit: Int?
  /// Number of today's settings.
  private let today: Int
  private let older: [Int: ComposedTwice]

  /// Rows that are sent.
  private(set) var picked = 0
  /// Rows that are not: what was sent is what would be sent, or nothing ever was.
  private(set) var unchanged = 0
  /// Rows that are sent because nobody knows what made their last message.
  private var unknown = 0

  /// Reads from the state what made messages until now.
  ///
  /// Throws a ``RunError`` if it does not know that of every row.
  init(_ prepared: PreparedSync, _ intent: ScanIntent) async throws {
    run = prepared.run
    state = prepared.state
    shape = prepared.shape
    shapeNumber = prepared.shapeNumber
    limit = intent.limit
    guard try await state.meta().wholeSettings != nil else {
      throw intent.isFirst ? Self.nothingSent(run.sync.name) : Self.notKnown(run.sync.name)
    }
    let settings = KeptSettings(run.sync, run.model)
    let secret = try await state.identity().secret
    today = try await state.use(run.sync, run.model)
    let now = settings.version(of: run.sync, run.model)
    var older: [Int: ComposedTwice] = [:]
    for (number, text) in try await state.messageSettings() where number != today {
      guard let kept = KeptSettings(json: text, secret: secret, today: settings) else { continue }
      let before = kept.version(of: run.sync, run.model)
      let versions = ComposedTwice(old: before, new: now, prepared.preparation.shapes)
      if let encoder = run.encoder {
        try await versions.prepare(encoder, for: prepared.preparation.shapes.all)
      }
      // Settings that name columns which are gone are composed as far as columns go.
      try? versions.use(shape, number: shapeNumber)
      older[number] = versions
    }
    self.older = older
  }

  /// Whether the limit is reached.
  var isAtLimit: Bool { limit.map { picked >= $0 } ?? false }

  /// The rows of `batch` that are to be sent; nil if there are none.
  func pick(_ batch: ChangeBatch) async throws -> ChangeBatch? {
    let origins = try await state.origins(of: batch.changes.compactMap(\.old))
    guard origins.count == batch.changes.count else { return batch }
    var wanted: [Int] = []
    var compared: [Int: [Int]] = [:]
    for (position, origin) in origins.enumerated() {
      switch origin {
      case .neverSent, .settings(today): break
      case .settings(let number) where older[number] != nil:
        compared[number, default: []].append(position)
      case .settings, .unknown:
        unknown += 1
        wanted.append(position)
      }
    }
    for (number, positions) in compared { wanted += differing(positions, of: batch, from: number) }
    wanted.sort()
    if let limit, wanted.count > limit - picked { wanted.removeSubrange(max(0, limit - picked)...) }
    picked += wanted.count
    unchanged += batch.changes.count - wanted.count
    return batch.keeping(wanted)
  }

  private func differing(_ positions: [Int], of batch: ChangeBatch, from number: Int) -> [Int] {
    guard let versions = older[number] else { return positions }
    let rows = RowsToSend(
      token: [UInt8](repeating: 0, count: 16),
      isBackfill: true,
      items: positions.map {
        RowsToSend.Item(change: .added, position: Int32($0), line: Int32($0), old: nil)
      },
      shape: shapeNumber,
      rows: batch.rows,
      oldRows: Page(),
      oldShapes: []
    )
    var found: [Int] = []
    versions.forEach(of: rows) { item, old, new in
      // A row that neither can be a message of is tried, and told as any that is rejected.
      if case .rejected = new {
        found.append(Int(item.position))
      } else if !versions.differences.areEqual(old, new) {
        found.append(Int(item.position))
      }
    }
    return found
  }

  /// Says what came out, when the result was read; `left` rows are new or changed.
  func tell(left: Int) {
    if picked == 0 { run.note("today's settings make no other message than those before") }
    if unknown > 0 {
      run.note(
        "of \(unknown.rowsText) nobody knows what made their messages (the value of a variable "
          + "changed, or an earlier Sluice sent them): they are sent again"
      )
    }
    if left > 0 {
      let verb = left == 1 ? "is" : "are"
      run.note("\(left.rowsText) \(verb) new or changed: the next run sends them")
    }
  }

  private static func nothingSent(_ sync: String) -> RunError {
    RunError(
      .failed,
      "\(sync) has sent nothing yet, so no message can differ from what was sent",
      kind: .unfitState,
      hint: "`sluice run \(sync)` sends every row"
    )
  }

  private static func notKnown(_ sync: String) -> RunError {
    RunError(
      .failed,
      "the state does not know what made the messages of \(sync): an earlier version of Sluice sent "
        + "some of them, and did not keep that",
      kind: .unfitState,
      hint: "`sluice backfill \(sync)` sends every row; from then on the state knows"
    )
  }
}

// Handed over to the task that reads; what it counted is read when that has ended.
extension ChangedMessages: @unchecked Sendable {}
