internal import Text
internal import JSON

public import Rows
public import Values

/// Writes the columns of a row for people.
public enum RowText {
  /// Every column's name and JSON; what cannot be written says why.
  public static func columns(of line: [UInt8], _ shape: Shape) -> [(name: String, json: String)] {
    line.withUnsafeBytes { line in
      var fields = FieldTable(count: shape.columns.count)
      guard fields.split(line) else { return [] }
      var writer = FieldWriter()
      return shape.columns.enumerated().map { index, column in
        var output = ByteBuffer()
        let form = FieldForm(column.type, shape.dialect)
        do throws(Rejection) {
          try writer.appendJSON(fields[index], form, to: &output)
        } catch {
          output.removeAll()
          output.append(quoted: "(\(error.text))")
        }
        return (column.name, output.text)
      }
    }
  }

  /// The value that `json`, a text of ``columns(of:_:)``, writes.
  public static func value(_ json: String) -> Value {
    (try? JSONParser().parse(json)) ?? .string(json)
  }
}
