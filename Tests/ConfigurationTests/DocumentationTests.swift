import Configuration
import Foundation
import Settings
import Testing

/// The user's documentation against the program.
@Suite struct DocumentationTests {
  private func documentation(_ name: String = "configuration") throws -> String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let file = root.appendingPathComponent("docs/\(name).md")
    return try String(contentsOf: file, encoding: .utf8)
  }

  @Test func `it has a row for each guard, and for nothing else`() throws {
    let rows = try documentation().matches(of: /\n\| `guards\.([a-z_]+)` \|/).map { String($0.1) }
    #expect(rows == Guard.allCases.map(\.rawValue))
  }

  /// What a map may have is told by the hint of an unknown key.
  @Test func `it names every key`() throws {
    let text = try documentation()
    let project = try TemporaryProject([
      "sluice.yml": """
      sources: {a: {type: sqlite, path: x, q0q: 1}}
      destinations: {e: {type: kafka, brokers: b, q0q: 1, sasl: {q0q: 1}, timeouts: {q0q: 1}}}
      alerts:
        channels:
          a: {type: slack, q0q: 1}
          b: {type: pagerduty, q0q: 1}
          c: {type: sms, q0q: 1}
          d: {type: email, q0q: 1}
          e: {type: webhook, q0q: 1}
          f: {type: command, q0q: 1}
        heartbeat: {q0q: 1}
        rules: [{on: rejected, q0q: 1}, {on: stale, q0q: 1}, {on: unusual, q0q: 1}, {on: rows, q0q: 1}]
        q0q: 1
      metrics: {q0q: 1}
      state: {q0q: 1}
      history: {q0q: 1}
      q0q: 1
      """,
      "models/customers.sql": "-- ---\n-- primary_key: id\n-- q0q: 1\n-- ---\nSELECT 1",
      "syncs/customers.yml": """
      model: customers
      topic: t
      changed_when: {q0q: 1}
      guards: {q0q: 1}
      triggers: {q0q: {}}
      message: {q0q: 1}
      key: {q0q: 1}
      q0q: 1
      """,
    ])
    let hints = project.load().diagnostics.compactMap(\.hint)
    let keys = Set(
      hints.compactMap { $0.components(separatedBy: " has ").dropFirst().first }
        .flatMap { $0.components(separatedBy: ", ") }
    )
    #expect(keys.count > 40)
    for key in keys {
      let isNamed = ["`\(key)`", "`\(key).", ".\(key)`", "{\(key):", "\(key): ", "\(key) "]
        .contains(
          where: text.contains
        )
      #expect(isNamed, "\(key) is not in docs/configuration.md")
    }
  }
}
