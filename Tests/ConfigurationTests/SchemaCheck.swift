import Configuration
import Foundation
import Reports
import TestSupport
import Values

/// Judges documents by a JSON Schema, as far as Sluice's schemas go.
///
/// A test holds it against Python's `jsonschema`, so that other tests need no Python.
struct SchemaCheck {
  private let root: Value

  init(_ kind: Configuration.SchemaKind) {
    root = Self.roots[kind] ?? .null
  }

  private static let roots = Dictionary(
    uniqueKeysWithValues: Configuration.SchemaKind.allCases.map { ($0, Configuration.schema($0)) }
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

  private func isValid(_ value: Value, _ schema: Value) -> Bool {
    guard case .object(let schema) = schema else { return true }
    if case .string? = schema["$ref"] {
      return isValid(value, root["definitions"]["member"])
    }
    let isShallow =
      hasType(value, schema["type"]) && isListed(value, schema) && isInRange(value, schema)
    return isShallow && holdsMembers(value, schema) && holdsItems(value, schema)
      && isCombined(value, schema)
  }

  private func hasType(_ value: Value, _ type: Value?) -> Bool {
    switch type {
    case .string(let name)?: self.names(of: value).contains(name)
    case .array(let types)?: types.contains { hasType(value, $0) }
    default: true
    }
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

  private func isListed(_ value: Value, _ schema: Object) -> Bool {
    if case .array(let choices)? = schema["enum"], !choices.contains(value) { return false }
    return schema["const"].map { $0 == value } ?? true
  }

  private func isInRange(_ value: Value, _ schema: Object) -> Bool {
    switch value {
    case .string(let text):
      if case .integer(let least)? = schema["minLength"], text.count < least { return false }
      guard case .string(let pattern)? = schema["pattern"] else { return true }
      return text.range(of: pattern, options: .regularExpression) != nil
    case .integer(let number): return isInRange(Double(number), schema)
    case .decimal(let decimal): return isInRange(Double(decimal.text) ?? 0, schema)
    default: return true
    }
  }

  private func isInRange(_ number: Double, _ schema: Object) -> Bool {
    if case .integer(let least)? = schema["minimum"], number < Double(least) { return false }
    if case .integer(let most)? = schema["maximum"], number > Double(most) { return false }
    if case .integer(let bound)? = schema["exclusiveMinimum"] { return number > Double(bound) }
    return true
  }

  private func holdsMembers(_ value: Value, _ schema: Object) -> Bool {
    guard case .object(let object) = value else { return true }
    if case .array(let names)? = schema["required"],
      names.contains(where: { name in !object.keys.contains { .string($0) == name } })
    {
      return false
    }
    if case .integer(let least)? = schema["minProperties"], object.count < least { return false }
    if case .integer(let most)? = schema["maxProperties"], object.count > most { return false }
    let properties = schema["properties"] ?? .null
    return zip(object.keys, object.values).allSatisfy { name, member in
      if let names = schema["propertyNames"], !isValid(.string(name), names) { return false }
      if !properties[name].isNull { return isValid(member, properties[name]) }
      if case .bool(let allows)? = schema["additionalProperties"] { return allows }
      return isValid(member, schema["additionalProperties"] ?? .null)
    }
  }

  private func holdsItems(_ value: Value, _ schema: Object) -> Bool {
    guard case .array(let items) = value else { return true }
    if case .integer(let least)? = schema["minItems"], items.count < least { return false }
    return items.allSatisfy { isValid($0, schema["items"] ?? .null) }
  }

  private func isCombined(_ value: Value, _ schema: Object) -> Bool {
    if case .array(let all)? = schema["allOf"], !all.allSatisfy({ isValid(value, $0) }) {
      return false
    }
    if case .array(let any)? = schema["anyOf"], !any.contains(where: { isValid(value, $0) }) {
      return false
    }
    guard let condition = schema["if"] else { return true }
    return isValid(value, schema[isValid(value, condition) ? "then" : "else"] ?? .null)
  }
}

extension ExactDecimal {
  /// Whether its fraction, if it has one, is zero.
  fileprivate var isWholeNumber: Bool { Double(text).map { $0 == $0.rounded() } ?? false }
}

extension Value {
  fileprivate subscript(_ name: String) -> Value {
    if case .object(let object) = self { return object[name] ?? .null }
    return .null
  }
}
