internal import Text

public import Rows
public import Settings

extension EventID {
  /// The id of a change of the row in `line`; nil if the line does not fit `shape`.
  ///
  /// `suffix` is 1 for the null value at a place that the row leaves. For reports about single
  /// rows, after ``begin(token:)``: composing has its own way.
  public mutating func text(
    _ change: Change,
    suffix: UInt8 = 0,
    line: UnsafeRawBufferPointer,
    _ shape: Shape,
    primaryKey: [String]
  ) -> String? {
    var fields = FieldTable(count: shape.columns.count)
    guard fields.split(line) else { return nil }
    var key = ByteBuffer()
    for (position, name) in primaryKey.enumerated() {
      guard let index = shape.index(of: name) else { return nil }
      if position > 0 { key.append(UInt8(ascii: "\t")) }
      key.append(fields[index])
    }
    var output = ByteBuffer()
    append(change, key: key.bytes, suffix: suffix, to: &output)
    return output.text
  }
}
