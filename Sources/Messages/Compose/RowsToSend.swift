public import Rows
public import Settings

/// The rows of one batch that leave as messages.
public struct RowsToSend: Sendable {
  /// One row.
  public struct Item: Sendable {
    /// What happened to it.
    public var change: Change
    /// Position of the change in its batch, by which its sender knows it.
    public var position: Int32
    /// Index of its line in `rows`; nil for a removal, which has one in `oldRows`.
    public var line: Int32?
    /// Index of its line in `oldRows`; nil if that did not come along.
    public var old: Int32?

    /// Describes a row.
    public init(change: Change, position: Int32, line: Int32?, old: Int32?) {
      self.change = change
      self.position = position
      self.line = line
      self.old = old
    }
  }

  /// 16 random bytes of the batch.
  public var token: [UInt8]
  /// Whether a `backfill` sends the rows.
  public var isBackfill: Bool
  /// The rows, in the order in which they are sent.
  public var items: [Item]
  /// Number of the shape of `rows`.
  public var shape: Int
  /// Lines of the result.
  public var rows: Page
  /// Lines of the snapshot.
  public var oldRows: Page
  /// For each line of `oldRows` the number of its shape.
  public var oldShapes: [Int]

  /// Collects what is to be sent.
  public init(
    token: [UInt8],
    isBackfill: Bool,
    items: [Item],
    shape: Int,
    rows: Page,
    oldRows: Page,
    oldShapes: [Int]
  ) {
    self.token = token
    self.isBackfill = isBackfill
    self.items = items
    self.shape = shape
    self.rows = rows
    self.oldRows = oldRows
    self.oldShapes = oldShapes
  }

  /// The line that tells which row `item` is, and the number of its shape: of a removal the stored
  /// line, else that of the result.
  public func line(of item: Item) -> (bytes: UnsafeRawBufferPointer, shape: Int) {
    if let line = item.line { return (rows.line(Int(line)), shape) }
    return oldLine(of: item) ?? (UnsafeRawBufferPointer(start: nil, count: 0), shape)
  }

  /// The stored line that `item` supersedes, and the number of its shape; nil if it did not come
  /// along.
  public func oldLine(of item: Item) -> (bytes: UnsafeRawBufferPointer, shape: Int)? {
    item.old.map { (oldRows.line(Int($0)), oldShapes[Int($0)]) }
  }
}
