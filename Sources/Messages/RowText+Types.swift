internal import Text

public import Rows

extension RowText {
  /// A column of a row, for people.
  public struct Column: Sendable, Hashable {
    /// Name.
    public var name: String
    /// What the database calls its type, or in SQLite the value's storage class; behind it the cast.
    public var type: String
    /// JSON of the value; what cannot be written says why.
    public var json: String
  }

  /// Every column with its type.
  public static func typedColumns(of line: [UInt8], _ shape: Shape) -> [Column] {
    let values = columns(of: line, shape)
    return line.withUnsafeBytes { line in
      var fields = FieldTable(count: shape.columns.count)
      guard fields.split(line), values.count == shape.columns.count else { return [] }
      return shape.columns.indices.map { index in
        Column(
          name: values[index].name,
          type: type(of: shape.columns[index].type, fields[index], shape.dialect),
          json: values[index].json
        )
      }
    }
  }

  private static func type(
    of type: ColumnType,
    _ field: UnsafeRawBufferPointer,
    _ dialect: Shape.Dialect
  ) -> String {
    let stored = dialect == .sqlite ? storageClass(of: field) : type.declared
    if type.isCast { return "\(stored) as \(type.kind.rawValue)" }
    return stored.isEmpty ? type.kind.rawValue : stored
  }

  private static func storageClass(of field: UnsafeRawBufferPointer) -> String {
    if field.isNullField { return "null" }
    switch field.first {
    case UInt8(ascii: "i"): return "integer"
    case UInt8(ascii: "r"): return "real"
    case UInt8(ascii: "b"): return "blob"
    default: return "text"
    }
  }
}
