import Settings
import Values

/// Writes tables of keys as JSON Schema, draft 07: the one that editors know best.
///
/// Where a boolean, a number or one of some words is expected, a text with `${` will do: what it
/// gives is not known.
struct SchemaWriter {
  /// Whether the maps are laid over others: nothing is required, and null removes a key.
  var isOverlay = false

  /// A whole schema.
  func document(_ title: String, _ schema: Value) -> Value {
    let head: [(String, Value)] = [
      ("$schema", .string("http://json-schema.org/draft-07/schema#")), ("title", .string(title)),
    ]
    return .object(head + schema.members + [("definitions", .object([("member", member)]))])
  }

  func schema(_ shape: KeyShape) -> Value {
    switch shape {
    case .boolean: Self.any([Self.type("boolean"), Self.text("[Tt]rue|TRUE|[Ff]alse|FALSE")])
    case .integer(let range): integer(range)
    case .number(let bound):
      Self.any([
        .object([("type", .string("number")), ("exclusiveMinimum", .integer(bound))]),
        Self.text("[0-9.]+"),
      ])
    case .string: .object([("type", .string("string")), ("minLength", .integer(1))])
    case .text: .object([("type", Self.strings(["string", "number", "boolean"]))])
    case .choice(let choices):
      Self.any([.object([("enum", Self.strings(choices))]), Self.text(nil)])
    case .form(let form): Self.text(form)
    case .null: Self.type("null")
    case .any: .object([])
    case .list(let item, let countMin):
      .object([
        ("type", .string("array")), ("items", SchemaWriter().schema(item)),
        ("minItems", .integer(countMin)),
      ])
    case .map(let value, let countMin):
      .object(
        [("type", .string("object")), ("additionalProperties", nullable(schema(value)))]
          + least(countMin)
      )
    case .table(let table): schema(table)
    case .one(of: let table): one(of: table)
    case .variants(let variants): schema(variants)
    case .either(let shapes): Self.any(shapes.map(schema))
    case .member: .object([("$ref", .string("#/definitions/member"))])
    }
  }

  /// A map with the keys of `table`.
  func schema(_ table: KeyTable) -> Value {
    let required = isOverlay ? [] : table.keys.filter(\.isRequired).map(\.name)
    var members: [(String, Value)] = [
      ("type", .string("object")),
      ("properties", .object(table.keys.map { ($0.name, property($0)) })),
      ("additionalProperties", .bool(false)),
    ]
    if !required.isEmpty { members.append(("required", Self.strings(required))) }
    return .object(members + least(table.countMin))
  }

  // MARK: - Maps

  private func property(_ key: KeyTable.Key) -> Value {
    let summary = ("description", Value.string(key.summary))
    return .object([summary] + nullable(schema(key.shape)).members)
  }

  private func least(_ count: Int) -> [(String, Value)] {
    isOverlay || count == 0 ? [] : [("minProperties", .integer(count))]
  }

  private func nullable(_ schema: Value) -> Value {
    isOverlay ? Self.any([Self.type("null"), schema]) : schema
  }

  private func one(of table: KeyTable) -> Value {
    let schema = schema(table)
    // What is laid over may remove one key and add another.
    if isOverlay { return schema }
    return .object(
      schema.members + [("minProperties", .integer(1)), ("maxProperties", .integer(1))]
    )
  }

  /// A map that has the keys of any kind, and no other than those of the kind that it names.
  private func schema(_ variants: KeyVariants) -> Value {
    let properties = variants.union(called: "").keys.map { key -> (String, Value) in
      if key.name != variants.key { return (key.name, .object([])) }
      return (key.name, property(.required(key.name, .choice(variants.choices), says: key.summary)))
    }
    var members: [(String, Value)] = [
      ("type", .string("object")), ("properties", .object(properties)),
      ("additionalProperties", .bool(false)),
    ]
    if !isOverlay { members.append(("required", Self.strings([variants.key]))) }
    let cases = variants.tables.map { kind(of: variants, $0.choice, $0.table) }
    return .object(members + [("allOf", .array(cases))])
  }

  private func kind(of variants: KeyVariants, _ choice: String, _ table: KeyTable) -> Value {
    let says = Value.object([(variants.key, .object([("const", .string(choice))]))])
    return .object([
      ("if", .object([("properties", says), ("required", Self.strings([variants.key]))])),
      ("then", schema(table)),
    ])
  }

  /// A map with the one key of a form is that form; any other nests.
  private var member: Value {
    let forms = KeyTable.valueForms.keys
    let nested = KeyTable.Key.optional(
      "object",
      .map(.member),
      says: "Members, whatever their names are"
    )
    let form = KeyTable("a member", forms + [nested])
    let isForm = Value.object([
      ("type", .string("object")), ("minProperties", .integer(1)), ("maxProperties", .integer(1)),
      ("propertyNames", .object([("enum", Self.strings(form.names))])),
    ])
    let map = Value.object([
      ("type", .string("object")), ("if", isForm), ("then", schema(form)),
      ("else", schema(.map(.member))),
    ])
    return Self.any([schema(.string), map])
  }

  // MARK: - Scalars

  private func integer(_ range: ClosedRange<Int>) -> Value {
    var members: [(String, Value)] = [
      ("type", .string("integer")), ("minimum", .integer(range.lowerBound)),
    ]
    if range.upperBound < .max { members.append(("maximum", .integer(range.upperBound))) }
    let sign = range.lowerBound < 0 ? "[-+]?" : "\\+?"
    return Self.any([.object(members), Self.text("\(sign)[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")])
  }

  /// A text of a form, or one with a reference.
  private static func text(_ form: String?) -> Value {
    let reference = "\\$\\{"
    let pattern = form.map { "^(\($0))$|\(reference)" } ?? reference
    return .object([("type", .string("string")), ("pattern", .string(pattern))])
  }

  private static func any(_ schemas: [Value]) -> Value { .object([("anyOf", .array(schemas))]) }

  private static func type(_ name: String) -> Value { .object([("type", .string(name))]) }

  private static func strings(_ texts: [String]) -> Value { .array(texts.map(Value.string)) }
}

extension Value {
  fileprivate static func object(_ members: [(String, Value)]) -> Value {
    .object(Object(members))
  }

  /// The members of an object; none of anything else.
  fileprivate var members: [(String, Value)] {
    guard case .object(let object) = self else { return [] }
    return Array(zip(object.keys, object.values))
  }
}
