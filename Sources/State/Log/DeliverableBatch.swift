public import Rows

/// A batch that is written down and can be sent: its changes with the lines they need.
///
/// Handed over from owner to owner, never shared.
public final class DeliverableBatch {
  /// Its number, growing.
  public let number: Int
  /// 16 random bytes, older than any of its messages.
  public let token: [UInt8]
  /// Whether a `backfill` sends it.
  public let isBackfill: Bool
  /// Number of the shape of ``rows``.
  public let shape: Int
  /// The changes, in the order in which they are sent.
  public let changes: [ChangeBatch.RowChange]
  /// The lines of all changes but removals, in order.
  public let rows: Page
  /// Lines of the snapshot, for removals and where `previous` is asked for.
  public internal(set) var oldRows = Page(Page.Lines())
  /// For each change the index of its line in ``oldRows``, if it came along; empty if none did.
  public internal(set) var oldIndexes: [Int32?] = []
  /// For each line of ``oldRows`` the number of its shape.
  public internal(set) var oldShapes: [Int] = []

  /// Whether its rows were refused before: they are tried apart from the others.
  public internal(set) var isRetry = false
  /// Its messages as they were pinned, until they are taken.
  var pinned: [UInt8]?
  /// Indexes of the changes that an earlier attempt left out, if that was noted.
  public internal(set) var undelivered: Set<Int> = []

  /// Whether it holds removals: a batch holds only them or none.
  public var isRemoving: Bool { changes.first?.kind == .removed }

  /// Bytes of the lines that it holds.
  public var byteCount: Int { rows.byteCount + oldRows.byteCount }

  /// The same batch without any line: all that its commit needs.
  public func withoutLines() -> DeliverableBatch {
    let batch = DeliverableBatch(
      number: number,
      token: token,
      isBackfill: isBackfill,
      shape: shape,
      changes: changes,
      rows: Page(Page.Lines()),
      segments: segments
    )
    batch.isRetry = isRetry
    batch.undelivered = undelivered
    return batch
  }

  /// Its messages as they were pinned, once; nil if they are made of its rows.
  public func takePinned() -> [UInt8]? {
    defer { pinned = nil }
    return pinned
  }

  /// The line of the change at `position`, which is not a removal.
  ///
  /// Linear in `position`.
  public func line(of position: Int) -> UnsafeRawBufferPointer {
    rows.line(changes[..<position].count { $0.kind != .removed })
  }

  /// The segments that hold ``rows``, in order.
  let segments: [(number: UInt32, rows: Int)]

  init(
    number: Int,
    token: [UInt8],
    isBackfill: Bool,
    shape: Int,
    changes: [ChangeBatch.RowChange],
    rows: Page,
    segments: [(number: UInt32, rows: Int)]
  ) {
    self.number = number
    self.token = token
    self.isBackfill = isBackfill
    self.shape = shape
    self.changes = changes
    self.rows = rows
    self.segments = segments
  }
}

// Handed over, never shared: the state makes it, the composer reads it, the state commits it.
extension DeliverableBatch: @unchecked Sendable {}
