import Foundation
import Reports
import Values

/// The tables of `docs/cli-json.md`, and what was seen of them.
final class JSONContract {
  struct Member {
    let name: String
    let type: String
  }

  /// The members of each document, by command; those of all documents under `Every document`.
  private(set) var documents: [String: [Member]] = [:]
  private var kinds: [String: [Member]] = [:]
  /// Members that held something in some document, as in `run.counts`.
  private var seen: Set<String> = []
  /// What did not agree.
  private(set) var faults: [String] = []

  init() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let url = root.appendingPathComponent("docs/cli-json.md")
    let text = try String(contentsOf: url, encoding: .utf8)
    for part in text.components(separatedBy: "\n## ").dropFirst() {
      let sections = part.components(separatedBy: "\n### ")
      let members = Self.members(sections[0])
      for command in Self.heading(sections[0]).components(separatedBy: ", ") {
        documents[command] = members
      }
      for kind in sections.dropFirst() { kinds[Self.heading(kind)] = Self.members(kind) }
    }
  }

  private static func heading(_ section: String) -> String {
    section.components(separatedBy: "\n").first ?? ""
  }

  private static func members(_ section: String) -> [Member] {
    section.components(separatedBy: "\n").filter { $0.hasPrefix("| `") }.map { row in
      let cells = row.components(separatedBy: " | ")
      return Member(name: String(cells[0].dropFirst(3).dropLast()), type: cells[1])
    }
  }

  /// Documented members that no document held a value of.
  var unseen: [String] {
    let all =
      documents.flatMap { name, members in members.map { "## \(name).\($0.name)" } }
      + kinds.flatMap { name, members in members.map { "\(name).\($0.name)" } }
    return all.filter { !seen.contains($0) }.sorted()
  }

  /// Compares the standard output of `command` with its table.
  func examine(_ output: String, of command: String, _ line: String) {
    guard output.hasSuffix("\n"), !output.dropLast().contains("\n"),
      case .object(let object) = Value(json: output)
    else { return faults.append("\(line): not one document: \(output)") }
    guard let own = documents[command], let frame = documents["Every document"] else {
      return faults.append("\(command) has no table")
    }
    let members = frame.prefix(1) + own + frame.dropFirst()
    examine(object, Array(members), "## \(command)", line)
    for member in frame where seen.contains("## \(command).\(member.name)") {
      seen.insert("## Every document.\(member.name)")
    }
  }

  private func examine(_ object: Object, _ members: [Member], _ place: String, _ line: String) {
    if object.keys != members.map(\.name) {
      faults.append("\(line): \(place) has \(object.keys), its table \(members.map(\.name))")
    }
    for member in members {
      let value = object[member.name] ?? .null
      let name = "\(place).\(member.name)"
      if !value.isBlank { seen.insert(name) }
      if !fits(value, member.type, line) {
        faults.append("\(line): \(name) is not \(member.type): \(value.jsonText)")
      }
    }
  }

  private func fits(_ value: Value, _ type: String, _ line: String) -> Bool {
    for suffix in [", or null", " or null"] where type.hasSuffix(suffix) {
      return value.isNull || fits(value, String(type.dropLast(suffix.count)), line)
    }
    if type.hasPrefix("list of ") {
      guard case .array(let items) = value else { return false }
      return items.allSatisfy { fits($0, String(type.dropFirst(8)), line) }
    }
    if type.hasPrefix("*") {
      let kind = String(type.dropFirst().dropLast())
      guard case .object(let object) = value, let members = kinds[kind] else { return false }
      examine(object, members, kind, line)
      return true
    }
    switch (type, value) {
    case ("JSON", _), ("text", .string), ("number", .integer), ("true or false", .bool),
      ("object", .object):
      return true
    case ("time", .string(let text)):
      return text.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil
    default: return false
    }
  }
}

extension Value {
  /// Null or empty.
  fileprivate var isBlank: Bool {
    switch self {
    case .null: true
    case .array(let items): items.isEmpty
    case .object(let object): object.isEmpty
    default: false
    }
  }
}
