import Configuration
import Foundation
import Reports
import TestSupport
import Values

/// Judges documents by a JSON Schema, as far as Sluice's schemas go.
///
/// A test holds it against Python's `jsonschema`, so that other tests need no Python.
struct SchemaCheck: Sendable {
  private let root: Schema
  private let member: Schema?

  init(_ kind: Configuration.SchemaKind) { self = Self.all[kind] ?? Self(.null) }

  private init(_ schema: Value) {
    root = Schema(schema)
    member = Schema(ifAny: schema["definitions"]["member"])
  }

  private static let all = Dictionary(
    uniqueKeysWithValues: Configuration.SchemaKind.allCases.map { kind in
      (kind, Self(Configuration.schema(kind)))
    }
  )

  func isValid(_ document: Value) -> Bool { isValid(document, root) }

  /// What `jsonschema` says of the documents, which are JSON; nil if it is not installed.
  static func foreign(_ kind: Configuration.SchemaKind, _ documents: [String]) -> [Bool]? {
    let folder = NSTemporaryDirectory() + "sluice-schema-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let files = [
      "schema": Configuration.schema(kind).jsonText, "documents": documents.joined(separator: "\n"),
      "judge.py": """
      import json, sys
      from jsonschema import Draft7Validator
      schema = json.load(open(sys.argv[1] + "/schema"))
      Draft7Validator.check_schema(schema)
      judge = Draft7Validator(schema)
      for line in open(sys.argv[1] + "/documents"):
          print(int(judge.is_valid(json.loads(line))))
      """,
    ]
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      for (name, text) in files {
        try text.write(toFile: "\(folder)/\(name)", atomically: false, encoding: .utf8)
      }
    } catch {
      return nil
    }
    guard let python else { return nil }
    let outcome = Shell.runBlocking("'\(python)' '\(folder)/judge.py' '\(folder)'")
    let verdicts = outcome.output.split(separator: "\n").map { $0 == "1" }
    return outcome.code == 0 ? verdicts : []
  }

  /// A Python that has `jsonschema`.
  static let python = ["/usr/bin/python3", "python3"].first {
    Shell.runBlocking("\($0) -c 'import jsonschema'").code == 0
  }

  // MARK: - Keywords

  private func isValid(_ value: Value, _ schema: Schema?) -> Bool {
    guard let schema else { return true }
    if schema.isReference { return isValid(value, member) }
    let isShallow =
      schema.types.map { !$0.isDisjoint(with: names(of: value)) } ?? true
      && schema.choices.map { $0.contains(value) } ?? true && isInRange(value, schema)
    return isShallow && holdsMembers(value, schema) && holdsItems(value, schema)
      && isCombined(value, schema)
  }

  private func names(of value: Value) -> [String] {
    switch value {
    case .null: ["null"]
    case .bool: ["boolean"]
    case .integer, .bigInteger: ["integer", "number"]
    case .decimal(let decimal): decimal.isWholeNumber ? ["integer", "number"] : ["number"]
    case .float: ["number"]
    case .string: ["string"]
    case .array: ["array"]
    case .object: ["object"]
    }
  }

  private func isInRange(_ value: Value, _ schema: Schema) -> Bool {
    switch value {
    case .string(let text):
      if let least = schema.minLength, text.count < least { return false }
      guard let pattern = schema.pattern else { return true }
      let all = NSRange(text.startIndex..<text.endIndex, in: text)
      return pattern.firstMatch(in: text, range: all) != nil
    case .integer(let number): return isInRange(Double(number), schema)
    case .decimal(let decimal): return isInRange(Double(decimal.text) ?? 0, schema)
    default: return true
    }
  }

  private func isInRange(_ number: Double, _ schema: Schema) -> Bool {
    if let least = schema.minimum, number < Double(least) { return false }
    if let most = schema.maximum, number > Double(most) { return false }
    if let bound = schema.exclusiveMinimum { return number > Double(bound) }
    return true
  }

  private func holdsMembers(_ value: Value, _ schema: Schema) -> Bool {
    guard case .object(let object) = value else { return true }
    let keys = object.keys
    if schema.required.contains(where: { !keys.contains($0) }) { return false }
    if let least = schema.minProperties, object.count < least { return false }
    if let most = schema.maxProperties, object.count > most { return false }
    return zip(keys, object.values).allSatisfy { name, member in
      if let names = schema.propertyNames, !isValid(.string(name), names) { return false }
      if let property = schema.properties[name] { return isValid(member, property) }
      return schema.allowsOthers && isValid(member, schema.others)
    }
  }

  private func holdsItems(_ value: Value, _ schema: Schema) -> Bool {
    guard case .array(let items) = value else { return true }
    if let least = schema.minItems, items.count < least { return false }
    return items.allSatisfy { isValid($0, schema.items) }
  }

  private func isCombined(_ value: Value, _ schema: Schema) -> Bool {
    if !schema.all.allSatisfy({ isValid(value, $0) }) { return false }
    if let any = schema.any, !any.contains(where: { isValid(value, $0) }) { return false }
    guard let condition = schema.condition else { return true }
    return isValid(value, isValid(value, condition) ? schema.then : schema.otherwise)
  }
}

/// The keywords of a schema, read once: thousands of documents are judged.
private final class Schema: Sendable {
  let isReference: Bool
  let types: Set<String>?
  let choices: [Value]?
  let pattern: NSRegularExpression?
  let minLength, minimum, maximum, exclusiveMinimum: Int?
  let minProperties, maxProperties, minItems: Int?
  let required: [String]
  let properties: [String: Schema]
  let propertyNames, others, items: Schema?
  let allowsOthers: Bool
  let all: [Schema]
  let any: [Schema]?
  let condition, then, otherwise: Schema?

  /// Reads a schema; what is none allows everything.
  init(_ schema: Value) {
    isReference = !schema["$ref"].isNull
    types = schema["type"].isNull ? nil : Set(schema["type"].list.compactMap(\.text))
    let constants = schema["const"].isNull ? [] : [schema["const"]]
    let choices = schema["enum"].isNull ? nil : schema["enum"].list
    self.choices = constants.isEmpty ? choices : constants
    pattern =
      schema["pattern"].text.map { pattern in
        try? NSRegularExpression(pattern: pattern)
      } ?? nil
    minLength = schema["minLength"].number
    minimum = schema["minimum"].number
    maximum = schema["maximum"].number
    exclusiveMinimum = schema["exclusiveMinimum"].number
    minProperties = schema["minProperties"].number
    maxProperties = schema["maxProperties"].number
    minItems = schema["minItems"].number
    required = schema["required"].isNull ? [] : schema["required"].list.compactMap(\.text)
    properties = schema["properties"].members.mapValues { Schema($0) }
    propertyNames = Schema(ifAny: schema["propertyNames"])
    allowsOthers = schema["additionalProperties"] != .bool(false)
    others = Schema(ifAny: schema["additionalProperties"])
    items = Schema(ifAny: schema["items"])
    all = schema["allOf"].isNull ? [] : schema["allOf"].list.map { Schema($0) }
    any = schema["anyOf"].isNull ? nil : schema["anyOf"].list.map { Schema($0) }
    condition = Schema(ifAny: schema["if"])
    then = Schema(ifAny: schema["then"])
    otherwise = Schema(ifAny: schema["else"])
  }

  convenience init?(ifAny schema: Value) {
    guard case .object = schema else { return nil }
    self.init(schema)
  }
}

extension ExactDecimal {
  /// Whether its fraction, if it has one, is zero.
  fileprivate var isWholeNumber: Bool { Double(text).map { $0 == $0.rounded() } ?? false }
}

extension Value {
  fileprivate subscript(_ name: String) -> Value { object?[name] ?? .null }

  fileprivate var object: Object? { if case .object(let object) = self { object } else { nil } }

  fileprivate var text: String? { if case .string(let text) = self { text } else { nil } }

  fileprivate var number: Int? {
    if case .integer(let number) = self { Int(number) } else { nil }
  }

  /// The items of an array; else the value itself.
  fileprivate var list: [Value] { if case .array(let items) = self { items } else { [self] } }

  fileprivate var members: [String: Value] {
    guard let object else { return [:] }
    return Dictionary(zip(object.keys, object.values)) { $1 }
  }
}
