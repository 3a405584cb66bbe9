@testable import Configuration
import Foundation
import Reports
import Values

/// One key of a file, and how to write a file that has a value of one's own under it.
struct KeyPlace {
  let kind: Configuration.SchemaKind
  let path: String
  let shape: KeyShape
  let document: (Value) -> Value

  /// The document as JSON, which is YAML too, with `value` and its key in a line of their own.
  func text(_ value: Value) -> (yaml: String, json: String) {
    let mark = Value.string("@@")
    let whole = document(mark).jsonText
    let key = path.split(separator: "/").last.map(String.init) ?? ""
    let pair = "\"\(key)\":\(mark.jsonText)"
    let yaml = whole.replacingOccurrences(of: pair, with: "\n\"\(key)\": \(value.jsonText)\n")
    return (yaml, whole.replacingOccurrences(of: pair, with: "\"\(key)\":\(value.jsonText)"))
  }

  /// Every key of a kind of file, at every place where it can stand.
  static func all(of kind: Configuration.SchemaKind) -> [KeyPlace] {
    let walk = { (table: KeyTable) in places(table, kind, "") { $0 } }
    switch kind {
    case .config, .environment: return walk(.project)
    case .sync: return walk(.sync)
    case .model: return walk(.model)
    case .test: return places(.testCase, kind, "") { .array([$0]) }
    }
  }

  private static func places(
    _ table: KeyTable,
    _ kind: Configuration.SchemaKind,
    _ path: String,
    alone: Bool = false,
    _ around: @escaping (Value) -> Value
  ) -> [KeyPlace] {
    table.keys.flatMap { key -> [KeyPlace] in
      let others = alone ? [] : companions(of: key, in: table)
      let document = { (value: Value) in
        around(.object(Object(others + [(key.name, value)])))
      }
      let own = "\(path)/\(key.name)"
      let place = KeyPlace(kind: kind, path: own, shape: key.shape, document: document)
      // All triggers have the same keys, and defaults have those of syncs.
      let isRepeated = ["changed", "removed"].contains(key.name) || path == "/defaults"
      return [place] + (isRepeated ? [] : below(key.shape, kind, own, document))
    }
  }

  /// What has to stand beside a key, so that it is read.
  private static func companions(of key: KeyTable.Key, in table: KeyTable) -> [(String, Value)] {
    let required = table.keys.filter { $0.isRequired && $0.name != key.name }
      .map { ($0.name, $0.shape.sample) }
    // Other keys belong to a token endpoint.
    let hasEndpoint =
      table.has("token_endpoint") && !["token_endpoint", "token", "command"].contains(key.name)
    return required + (hasEndpoint ? [("token_endpoint", .string("https://q0q"))] : [])
  }

  private static func below(
    _ shape: KeyShape,
    _ kind: Configuration.SchemaKind,
    _ path: String,
    _ around: @escaping (Value) -> Value
  ) -> [KeyPlace] {
    switch shape {
    case .table(let table): return places(table, kind, path, around)
    case .one(of: let table): return places(table, kind, path, alone: true, around)
    case .variants(let variants):
      return variants.tables.flatMap { places($0.table, kind, "\(path)=\($0.choice)", around) }
    case .either(let shapes): return shapes.flatMap { below($0, kind, path, around) }
    case .map(let value, _):
      return below(value, kind, "\(path)/a") { around(.object(Object([("a", $0)]))) }
    case .list(let item, _): return below(item, kind, "\(path)[]") { around(.array([$0])) }
    case .boolean, .integer, .number, .string, .text, .choice, .form, .null, .any, .member:
      return []
    }
  }
}

extension KeyShape {
  /// A value that is right.
  var sample: Value {
    switch self {
    case .boolean: .bool(true)
    case .integer(let range): .integer(range.lowerBound)
    case .number(let bound): .integer(bound + 1)
    case .string, .text, .member: .string("q0q")
    case .choice(let choices): .string(choices.first ?? "")
    case .form(let form):
      .string(
        ["5s", "10%", "1KiB", "+4930123456", "q0q.prom"].first {
          $0.range(of: "^(\(form))$", options: .regularExpression) != nil
        } ?? ""
      )
    case .null: .null
    case .any: .integer(1)
    case .list(let item, _): .array([item.sample])
    case .map(let value, _): .object(Object([("a", value.sample)]))
    case .table(let table):
      .object(Object(table.keys.filter(\.isRequired).map { ($0.name, $0.shape.sample) }))
    case .one(of: let table):
      .object(Object(table.keys.prefix(1).map { ($0.name, $0.shape.sample) }))
    case .variants(let variants):
      variants.tables.first.map { KeyShape.table($0.table).sample } ?? .null
    case .either(let shapes): shapes.first?.sample ?? .null
    }
  }

  /// Whether what its texts may say is in the schema, too.
  var isClosed: Bool {
    switch self {
    case .boolean, .integer, .number, .choice, .form, .null: true
    case .either(let shapes): shapes.allSatisfy(\.isClosed) && !shapes.hasNumbersOfForms
    case .string, .text, .any, .list, .map, .table, .one, .variants, .member: false
    }
  }
}

extension [KeyShape] {
  /// Whether texts of numbers are told twice, with different bounds.
  fileprivate var hasNumbersOfForms: Bool {
    contains { if case .integer = $0 { true } else { false } }
      && contains { if case .form = $0 { true } else { false } }
  }
}
