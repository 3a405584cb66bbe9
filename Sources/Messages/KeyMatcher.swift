internal import Text
internal import JSON
internal import Values

public import Rows

/// Finds the row whose primary key a person wrote.
///
/// Keeps scratch memory; used by one owner at a time.
public struct KeyMatcher: ~Copyable {
  private let primaryKey: [String]
  /// The whole key, columns separated by commas, as ``KeyText`` writes it.
  private let joined: [UInt8]
  /// The same column by column, where it was written as a JSON array.
  private let columns: [[UInt8]]?
  private var fields = FieldTable(count: 0)
  private var writer = FieldWriter()
  private var text = ByteBuffer()

  /// Prepares for `key`: columns separated by commas, or a JSON array with a value a column.
  public init(key: String, primaryKey: [String]) {
    self.primaryKey = primaryKey
    joined = Array(key.utf8)
    columns = Self.columns(of: key, count: primaryKey.count)
  }

  /// Whether `line` is the row.
  public mutating func matches(_ line: UnsafeRawBufferPointer, _ shape: Shape) -> Bool {
    if fields.count != shape.columns.count { fields = FieldTable(count: shape.columns.count) }
    guard fields.split(line) else { return false }
    text.removeAll()
    var areEqual = columns != nil
    for (position, name) in primaryKey.enumerated() {
      guard let index = shape.index(of: name), !fields[index].isNullField else { return false }
      if position > 0 { text.append(UInt8(ascii: ",")) }
      let start = text.count
      let form = FieldForm(shape.columns[index].type, shape.dialect)
      do throws(Rejection) {
        try writer.appendText(fields[index], form, to: &text)
      } catch {
        text.truncate(to: start)
        text.append(fields[index])
      }
      if let columns, areEqual {
        areEqual = text.bytes(start..<text.count).elementsEqual(columns[position])
      }
    }
    return areEqual || text.bytes.elementsEqual(joined)
  }

  private static func columns(of key: String, count: Int) -> [[UInt8]]? {
    guard key.hasPrefix("["), case .array(let items)? = try? JSONParser().parse(key),
      items.count == count
    else { return nil }
    return items.map { item in
      if case .string(let text) = item { return Array(text.utf8) }
      var output = ByteBuffer()
      output.append(json: item)
      return Array(output.bytes)
    }
  }
}
