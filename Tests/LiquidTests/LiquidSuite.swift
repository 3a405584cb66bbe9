import Foundation
import JSON
import Liquid
import TestSupport
import Values

/// One case of a conformance suite for Liquid.
struct LiquidCase {
  var name: String
  var template: String
  var data: Object
  var partials: [String: String]
  /// What may come out; empty if an error must.
  var results: [String]
  var isInvalid: Bool
  var okModes: [String]
  var flags: [String]
  var tags: [String]
  var hasInlineErrors: Bool
  var isParseError: Bool
}

/// A file of such cases, told by its content: `{"tests": [{"name", "template", …}]}`.
struct LiquidSuite {
  var file: String
  var cases: [LiquidCase]

  static let all = Suites.files.filter { $0.pathExtension == "json" }
    .compactMap(LiquidSuite.init)

  private init?(file: URL) {
    guard let bytes = try? Data(contentsOf: file),
      case .object(let root)? = bytes.withUnsafeBytes({
        try? JSONParser(fractions: .floats).parse($0)
      }),
      case .array(let tests)? = root["tests"] ?? root["cases"]
    else { return nil }
    cases = tests.compactMap(LiquidCase.init)
    guard !cases.isEmpty else { return nil }
    self.file = file.lastPathComponent
  }
}

extension LiquidCase {
  init?(_ value: Value) {
    guard case .object(let test) = value, case .string(let template)? = test["template"] else {
      return nil
    }
    self.template = template
    name = LiquidCase.text(test["name"]) ?? template
    data = if case .object(let data)? = test["data"] { data } else { Object() }
    var partials: [String: String] = [:]
    if case .object(let given)? = test["templates"] {
      for key in given.keys { partials[key] = LiquidCase.text(given[key]) }
    }
    self.partials = partials
    isInvalid = test["invalid"] == .bool(true)
    results =
      LiquidCase.texts(test["results"]) + [LiquidCase.text(test["result"])].compactMap(\.self)
    okModes = LiquidCase.texts(test["ok_modes"])
    flags = LiquidCase.texts(test["flags"])
    tags = LiquidCase.texts(test["tags"])
    hasInlineErrors = test["inline_errors"] == .bool(true)
    var phase: String?
    if case .object(let error)? = test["error"] { phase = LiquidCase.text(error["phase"]) }
    isParseError = isInvalid && phase == "parse"
  }

  private static func text(_ value: Value?) -> String? {
    if case .string(let text)? = value { return text }
    return nil
  }

  private static func texts(_ value: Value?) -> [String] {
    guard case .array(let items)? = value else { return [] }
    return items.compactMap(text)
  }
}
