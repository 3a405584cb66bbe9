public import Values

/// A column of a row.
public struct ColumnReport: Sendable, Hashable {
  /// Name.
  public var name: String
  /// What the database calls its type, or in SQLite the value's storage class; after it the cast.
  public var type: String
  /// JSON of the value; what cannot be written says why.
  public var valueText: String

  /// Describes a column.
  public init(name: String, type: String, valueText: String) {
    self.name = name
    self.type = type
    self.valueText = valueText
  }

  /// The entry of a list `columns`.
  public var json: Value {
    .object([
      ("name", .string(name)), ("type", .string(type)), ("value", Value(json: valueText)),
    ])
  }
}
