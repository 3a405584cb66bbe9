internal import Text
internal import Rows

/// The records of one segment, expanded.
struct SegmentRecords: ~Copyable {
  /// How many rows there are.
  private(set) var count = 0
  private var columns = 0
  /// Fields, column after column, each ended by a line feed.
  private var fields = ByteBuffer(capacity: 1 << 16)
  private var ends = FieldEnds()

  /// Expands `frame`, which holds `rows` rows in `columns` columns; false if it does not.
  mutating func expand(
    _ frame: UnsafeRawBufferPointer,
    rows: Int,
    columns: Int,
    with zstandard: Zstandard
  ) -> Bool {
    count = 0
    fields.removeAll()
    let (fieldCount, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard rows >= 0, columns > 0, !overflow, zstandard.expand(frame, into: &fields),
      ends.find(fieldCount, in: fields.bytes, or: UInt8(ascii: "\n"))
    else { return false }
    count = rows
    self.columns = columns
    return true
  }

  /// Appends the line of row `slot` to `lines`.
  func append(line slot: Int, to lines: inout Page.Lines) {
    precondition(slot >= 0 && slot < count)
    ends.offsets.withUnsafeBufferPointer { ends in
      for column in 0..<columns {
        let field = column * count + slot
        if column > 0 { lines.bytes.append(UInt8(ascii: "\t")) }
        lines.bytes.append(fields.bytes((field == 0 ? 0 : ends[field - 1] + 1)..<ends[field]))
      }
    }
    lines.endLine()
  }

  /// Appends the lines of all rows to `lines`.
  func appendAll(to lines: inout Page.Lines) {
    lines.bytes.reserve(fields.count)
    for slot in 0..<count { append(line: slot, to: &lines) }
  }
}
