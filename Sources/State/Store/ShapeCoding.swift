internal import Text
internal import JSON
internal import Rows
internal import Values

/// Shapes as JSON in the state file.
enum ShapeCoding {
  static func encode(_ shape: Shape) -> String {
    let columns = shape.columns.map { column -> Value in
      var members: [(String, Value)] = [
        ("name", .string(column.name)), ("kind", .string(column.type.kind.rawValue)),
      ]
      if let delimiter = column.type.arrayDelimiter {
        members.append(("array", .string(String(UnicodeScalar(delimiter)))))
      }
      if column.type.isCast { members.append(("cast", .bool(true))) }
      if !column.type.declared.isEmpty {
        members.append(("declared", .string(column.type.declared)))
      }
      return .object(Object(members))
    }
    let value = Value.object(
      Object([("dialect", .string(shape.dialect.rawValue)), ("columns", .array(columns))])
    )
    var output = ByteBuffer()
    output.append(json: value)
    return output.text
  }

  static func decode(_ text: String) -> Shape? {
    guard case .object(let root)? = try? JSONParser().parse(text),
      case .string(let dialectName)? = root["dialect"],
      let dialect = Shape.Dialect(rawValue: dialectName),
      case .array(let columns)? = root["columns"]
    else { return nil }
    let decoded = columns.compactMap(column)
    return decoded.count == columns.count ? Shape(dialect: dialect, columns: decoded) : nil
  }

  private static func column(_ value: Value) -> Shape.Column? {
    guard case .object(let object) = value, case .string(let name)? = object["name"],
      case .string(let kindName)? = object["kind"],
      let kind = ColumnType.Kind(rawValue: kindName)
    else { return nil }
    var type = ColumnType(kind)
    if case .string(let delimiter)? = object["array"] {
      type.arrayDelimiter = delimiter.utf8.first
    }
    type.isCast = object["cast"] == .bool(true)
    if case .string(let declared)? = object["declared"] { type.declared = declared }
    return Shape.Column(name: name, type: type)
  }
}
