internal import Settings
internal import Values

/// What messages are made with, as plain values: without the places in files where it is written.
///
/// The file of kept forms reads back what they say.
extension Value {
  /// Topic, key, partition, headers and body.
  init(_ settings: MessageSettings) {
    let headers = settings.headers.map { header in
      Value.object(Object([("name", .string(header.name)), ("value", Value(header.value.value))]))
    }
    self = .object(
      Object([
        ("topic", Value(settings.topic.value)),
        ("key", settings.key.map { Value($0.value) } ?? .null),
        ("partition", settings.partition.map { Value($0.value) } ?? .null),
        ("headers", .array(headers)),
        ("system_headers", .array(settings.systemHeaders.map { .string($0.rawValue) })),
        ("body", Value(settings.body)),
      ])
    )
  }

  private init(_ form: ValueForm) {
    self =
      switch form {
      case .text(let text): Self.only("text", .string(text))
      case .column(let name): Self.only("column", .string(name))
      case .template(let text), .templateFile(let text, _): Self.only("template", .string(text))
      case .jmespath(let text): Self.only("jmespath", .string(text))
      case .literal(let literal): Value(literal)
      case .variable(let name): Self.only("variable", .string(name))
      case .primaryKey: Self.only("primary_key", .bool(true))
      case .eventID: Self.only("event_id", .bool(true))
      }
  }

  private init(_ literal: Literal) {
    self =
      switch literal {
      case .null: Self.only("null", .bool(true))
      case .boolean(let flag): Self.only("boolean", .bool(flag))
      case .number(let text): Self.only("number", .string(text))
      case .string(let text): Self.only("string", .string(text))
      case .json(let text): Self.only("json", .string(text))
      }
  }

  private init(_ body: BodyForm) {
    self =
      switch body {
      case .allColumns: Self.only("all_columns", .bool(true))
      case .columns(let names): Self.only("columns", .array(names.map { .string($0.value) }))
      case .object(let members): Value(members)
      case .column(let name): Self.only("column", .string(name.value))
      case .template(let text): Self.only("template", .string(text.value))
      case .templateFile(let text, _): Self.only("template", .string(text))
      case .jmespath(let text): Self.only("jmespath", .string(text.value))
      case .tombstone: Self.only("tombstone", .bool(true))
      }
  }

  /// Members in order: their names may be any.
  private init(_ members: [NamedMember]) {
    let listed = members.map { member in
      let form =
        switch member.form {
        case .value(let value): Value(value.value)
        case .object(let nested): Value(nested)
        }
      return Value.object(Object([("name", .string(member.name)), ("form", form)]))
    }
    self = Self.only("object", .array(listed))
  }

  private static func only(_ name: String, _ value: Value) -> Value {
    .object(Object([(name, value)]))
  }

  /// The same with `change` made to each of its texts; nil if that gives nil for one of them.
  func mapTexts(_ change: (String) -> String?) -> Value? {
    switch self {
    case .string(let text): return change(text).map(Value.string)
    case .array(let items):
      let changed = items.compactMap { $0.mapTexts(change) }
      return changed.count == items.count ? .array(changed) : nil
    case .object(let object):
      let members = object.keys.compactMap { key in
        object[key]?.mapTexts(change).map { (key, $0) }
      }
      return members.count == object.keys.count ? .object(Object(members)) : nil
    case .null, .bool, .integer, .bigInteger, .decimal, .float: return self
    }
  }
}
