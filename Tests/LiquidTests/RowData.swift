import Text
import Liquid
import Values

/// Rows as a composer gives them: columns in slots, over a schema.
struct RowData: TemplateData {
  var row: Object
  var previous: Object?
  var now: Value = .string("2026-01-02T03:04:05Z")

  static let columns = ["id", "email", "full_name", "attrs", "active", "balance"]

  /// `row` and `previous` are closed; slots 0..<6 are the row's, 6..<12 the previous one's.
  static let schema: TemplateSchema = {
    let row = Dictionary(uniqueKeysWithValues: zip(columns, 0...))
    return TemplateSchema(roots: [
      .init("row", .object(row, isClosed: true)),
      .init("previous", .object(row.mapValues { $0 + 6 }, isClosed: true)),
      .init("now", .slot(12)),
    ])
  }()

  init(_ row: Object, previous: Object? = nil) {
    self.row = row
    self.previous = previous
  }

  func value(slot: Int) -> Value {
    if slot == 12 { return now }
    let source = slot < 6 ? row : previous ?? Object()
    return source[RowData.columns[slot % 6]] ?? .null
  }

  func append(slot: Int, as form: SlotForm, to output: inout ByteBuffer) {
    output.append(value(slot: slot), as: form)
  }

  func value(root: Int) -> Value {
    root == 0 ? .object(row) : previous.map(Value.object) ?? .null
  }

  func value(root: Int, key: String) -> Value {
    (root == 0 ? row : previous ?? Object())[key] ?? .null
  }

  func value(named name: String) -> Value? { nil }
}

/// What a template makes of a row, or the error in it.
func rendered(
  _ source: String,
  _ row: Object = Object(),
  previous: Object? = nil,
  options: TemplateOptions = TemplateOptions(),
  partials: [String: String] = [:]
) throws(LiquidError) -> String {
  let template = try Template(
    source: source,
    options: options,
    schema: RowData.schema,
    partials: { partials[$0] }
  )
  var output = ByteBuffer()
  try template.render(
    into: &output,
    data: RowData(row, previous: previous),
    clock: .fixed(seconds: 1_700_000_000)
  )
  return output.text
}
