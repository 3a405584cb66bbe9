internal import Text

public import Rows

/// Writes the key of a row for people: its columns, separated by commas.
public enum KeyText {
  /// The key of a line that is kept as an array.
  public static func text(of line: [UInt8], _ shape: Shape, primaryKey: [String]) -> String? {
    line.withUnsafeBytes { text(of: $0, shape, primaryKey: primaryKey) }
  }

  /// The key of `line`; nil if a column of it is NULL or missing.
  public static func text(
    of line: UnsafeRawBufferPointer,
    _ shape: Shape,
    primaryKey: [String]
  ) -> String? {
    var fields = FieldTable(count: shape.columns.count)
    guard fields.split(line) else { return nil }
    var writer = FieldWriter()
    var output = ByteBuffer()
    for (position, name) in primaryKey.enumerated() {
      guard let index = shape.index(of: name), !fields[index].isNullField else { return nil }
      if position > 0 { output.append(UInt8(ascii: ",")) }
      let form = FieldForm(shape.columns[index].type, shape.dialect)
      do throws(Rejection) {
        try writer.appendText(fields[index], form, to: &output)
      } catch {
        // What cannot be written properly is shown as it is stored.
        output.append(fields[index])
      }
    }
    return output.text
  }
}
