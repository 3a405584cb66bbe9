internal import Text
internal import JSON
internal import Rows
internal import Settings

/// The rows of a test case as a source would hand them over.
///
/// A test asks no database: the types of columns follow from the model's `types` and from how the
/// file writes the values.
struct TestRow {
  let shape: Shape
  /// The row.
  let line: [UInt8]
  /// The row before its change.
  let previous: [UInt8]
  /// Names of the columns whose values differ.
  let changedColumns: [String]

  /// `previous` are the columns that were different before.
  init(
    _ row: [SyncTestCase.Column],
    previous: [SyncTestCase.Column] = [],
    model: ModelSettings,
    dialect: Shape.Dialect
  ) {
    let old = Dictionary(previous.map { ($0.name, $0.value) }) { first, _ in first }
    let columns = row.map { column in
      (name: column.name, now: column.value, before: old[column.name] ?? column.value)
    }
    let shape = Shape(
      dialect: dialect,
      columns: columns.map { column in
        let cast = model.types[column.name].map { ColumnType($0.value) }
        let values = [column.now, column.before]
        let type = cast ?? (dialect == .sqlite ? ColumnType(.dynamic) : Self.type(of: values))
        return Shape.Column(name: column.name, type: type)
      }
    )
    self.shape = shape
    let types = shape.columns.map(\.type)
    let now = zip(columns, types).map { Self.field($0.now, type: $1, dialect: dialect) }
    let before = zip(columns, types).map { Self.field($0.before, type: $1, dialect: dialect) }
    line = Self.line(now)
    self.previous = Self.line(before)
    changedColumns = columns.indices.filter { now[$0] != before[$0] }.map { columns[$0].name }
  }

  /// What Postgres would most likely call a column of these values.
  private static func type(of values: [Literal]) -> ColumnType {
    let kinds = Set(values.compactMap(\.kind))
    if kinds.count <= 1 { return ColumnType(kinds.first ?? .text) }
    return ColumnType(kinds == [.integer, .numeric] ? .numeric : .json)
  }

  private static func line(_ fields: [String?]) -> [UInt8] {
    var output = ByteBuffer()
    for (index, field) in fields.enumerated() {
      if index > 0 { output.append(UInt8(ascii: "\t")) }
      guard var field else {
        output.append("\\N")
        continue
      }
      field.withUTF8 { CopyText.escape(UnsafeRawBufferPointer($0), into: &output) }
    }
    return Array(output.bytes)
  }

  /// The text of a field before COPY's escapes; nil for NULL.
  private static func field(
    _ value: Literal,
    type: ColumnType,
    dialect: Shape.Dialect
  ) -> String? {
    if value == .null { return nil }
    return dialect == .sqlite ? stored(value, type) : printed(value, type)
  }

  /// As SQLite stores it: the letter of the storage class, and the value.
  private static func stored(_ value: Literal, _ type: ColumnType) -> String {
    switch value {
    case .boolean(let flag) where type.kind != .json: flag ? "i1" : "i0"
    case .number(let digits) where type.kind != .json:
      (value.kind == .integer ? "i" : "r") + digits
    default: "t" + value.text
    }
  }

  /// As Postgres prints it.
  private static func printed(_ value: Literal, _ type: ColumnType) -> String {
    if type.isCast { return value.text }
    switch (type.kind, value) {
    case (.boolean, .boolean(let flag)): return flag ? "t" : "f"
    // Values of several kinds can only stand in a column of JSON.
    case (.json, .string(let text)):
      var output = ByteBuffer()
      output.append(UInt8(ascii: "\""))
      output.append(escaped: text)
      output.append(UInt8(ascii: "\""))
      return output.text
    default: return value.text
    }
  }
}

extension Literal {
  /// The kind of column that it fits best; nil for null.
  fileprivate var kind: ColumnType.Kind? {
    switch self {
    case .null: nil
    case .boolean: .boolean
    case .number(let digits): digits.contains { ".eE".contains($0) } ? .numeric : .integer
    case .string: .text
    case .json: .json
    }
  }

  /// Its text, of a list or map its JSON.
  var text: String {
    switch self {
    case .null: ""
    case .boolean(let flag): flag ? "true" : "false"
    case .number(let digits): digits
    case .string(let text), .json(let text): text
    }
  }
}
