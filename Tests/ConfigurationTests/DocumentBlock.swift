import Foundation

/// A fenced block of a document, and what it is.
///
/// What a block of YAML or SQL is shows in its keys: a part of `sluice.yml`, a sync, unit tests, a
/// model. A comment in the line above says otherwise, and no reader of the page sees it:
/// `<!-- file: PATH -->` names the file that it is, `<!-- other: WHAT -->` is for another program.
struct DocumentBlock: CustomStringConvertible {
  enum Role: Equatable {
    /// This file of a project, whole.
    case file(String)
    /// A part of `sluice.yml`.
    case project
    /// A part of a sync.
    case sync
    /// Unit tests of a sync.
    case tests
    /// A model.
    case model
    /// Nothing that Sluice reads.
    case other
  }

  let document: String
  let line: Int
  let text: String
  let role: Role

  var description: String { "\(document):\(line)" }

  private static let projectKeys: Set<String> = [
    "sources", "destinations", "alerts", "metrics", "defaults", "timezone", "history",
    "environments",
    "commands", "dbt",
  ]

  /// The blocks of a document.
  static func all(of document: String, text: String) -> [DocumentBlock] {
    var blocks: [DocumentBlock] = []
    var open: (language: String, line: Int, marker: String)?
    var content: [String] = []
    var previous = ""
    for (index, line) in text.components(separatedBy: "\n").enumerated() {
      if let block = open, line.hasPrefix("```") {
        let text = content.joined(separator: "\n") + "\n"
        let role = role(block.language, block.marker, text)
        blocks.append(DocumentBlock(document: document, line: block.line, text: text, role: role))
        open = nil
      } else if open != nil {
        content.append(line)
      } else if line.hasPrefix("```") {
        open = (String(line.dropFirst(3)), index + 1, previous)
        content = []
      }
      previous = line
    }
    return blocks
  }

  private static func role(_ language: String, _ marker: String, _ text: String) -> Role {
    if let match = marker.wholeMatch(of: /<!-- file: (\S+) -->/) { return .file(String(match.1)) }
    if marker.hasPrefix("<!-- other: ") { return .other }
    switch language {
    case "sql": return text.hasPrefix("-- ---\n") ? .model : .other
    case "yaml":
      if text.hasPrefix("- ") { return .tests }
      let keys = text.matches(of: /(?m)^([a-z_]+):/).map { String($0.1) }
      return keys.contains(where: projectKeys.contains) ? .project : .sync
    default: return .other
    }
  }

  /// The files of a project with this block in it, and the environment to load it by.
  var project: (files: [String: String?], environment: String?) {
    switch role {
    case .file(let path):
      let name = path.wholeMatch(of: /sluice\.(.+)\.yml/).map { String($0.1) }
      return ([path: text], name)
    case .project:
      // What belongs to other sources than its own is left out.
      let without: [String: String?] = ["models/customers.sql": nil, "syncs/customers.yml": nil]
      let isWhole = text.contains("source:") || text.contains("sources:")
      return (["sluice.yml": text + missingConnections] + (isWhole ? without : [:]), nil)
    case .sync:
      let without: [String: String?] = text.contains("{dbt:") ? ["models/customers.sql": nil] : [:]
      return (["syncs/customers.yml": missingKeys + text] + models + without, nil)
    case .tests: return (["syncs/customers.test.yml": text], nil)
    case .model: return (["models/customers.sql": text], nil)
    case .other: return ([:], nil)
    }
  }

  private var missingConnections: String {
    let name = text.contains("source: warehouse") ? "warehouse" : "shop"
    let kinds = [
      ("sources", "{\(name): {type: sqlite, path: shop.db}}"),
      ("destinations", "{events: {type: kafka, brokers: embedded}}"),
    ]
    return kinds.filter { !text.contains("\n\($0.0):") && !text.hasPrefix("\($0.0):") }
      .map { "\($0.0): \($0.1)\n" }.joined()
  }

  private var missingKeys: String {
    let keys = [("model", "customers"), ("topic", "customers"), ("key", "{primary_key: true}")]
    return keys.filter { !text.contains("\n\($0.0):") && !text.hasPrefix("\($0.0):") }
      .map { "\($0.0): \($0.1)\n" }.joined()
  }

  /// The models that a sync names.
  private var models: [String: String?] {
    let names = text.matches(of: /(?m)^model: ([a-z_]+)$/).map { String($0.1) }
    return Dictionary(
      uniqueKeysWithValues: names.map { name in
        ("models/\(name).sql", "-- ---\n-- primary_key: id\n-- ---\nSELECT id FROM \(name)\n")
      }
    )
  }
}

private func + (left: [String: String?], right: [String: String?]) -> [String: String?] {
  left.merging(right) { own, _ in own }
}
