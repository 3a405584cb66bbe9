internal import Rows

/// The lines of a ``RowsToSend``, taken out for the loop over its rows.
struct RowLines: ~Copyable {
  private var rows = Page.Lines()
  private var oldRows = Page.Lines()

  /// Takes the lines out, or puts them back.
  mutating func exchange(with batch: RowsToSend) {
    batch.rows.exchange(&rows)
    batch.oldRows.exchange(&oldRows)
  }

  /// The line that tells which row `item` is, and the number of its shape.
  @inline(__always)
  func line(
    of item: RowsToSend.Item,
    in batch: borrowing RowsToSend
  ) -> (bytes: UnsafeRawBufferPointer, shape: Int) {
    if let line = item.line { return (rows.line(Int(line)), batch.shape) }
    return oldLine(of: item, in: batch)
      ?? (UnsafeRawBufferPointer(start: nil, count: 0), batch.shape)
  }

  /// The stored line that `item` supersedes; nil if it did not come along.
  @inline(__always)
  func oldLine(
    of item: RowsToSend.Item,
    in batch: borrowing RowsToSend
  ) -> (bytes: UnsafeRawBufferPointer, shape: Int)? {
    guard let old = item.old else { return nil }
    return (oldRows.line(Int(old)), batch.oldShapes[Int(old)])
  }
}
