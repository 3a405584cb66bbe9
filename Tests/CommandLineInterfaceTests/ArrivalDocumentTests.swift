import CommandLineInterface
import Foundation
import TestSupport
import Testing

/// The pages for those who come from elsewhere: their examples are run, section by section.
///
/// The first block of SQL makes the table. In a section a block of YAML is a sync (or destinations,
/// which are only checked), one of SQL changes rows, and one of JSON is what the next run sends.
@Suite struct ArrivalDocumentTests {
  struct Block {
    let language: String
    let text: String
  }

  @Test(arguments: [
    ("from-hightouch", "customers", "id", 11), ("from-outpost", "orders", "order_id", 3),
  ])
  func `its examples send what it says`(
    _ name: String,
    _ table: String,
    _ key: String,
    _ count: Int
  ) async throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let page = try String(
      contentsOf: root.appendingPathComponent("docs/\(name).md"),
      encoding: .utf8
    )
    let sections = page.components(separatedBy: "\n## ")
    let setUp = try #require(Self.blocks(in: sections[0]).first { $0.language == "sql" }).text
    var syncs = 0
    for section in sections.dropFirst() {
      var example: Example?
      for block in Self.blocks(in: section) {
        switch block.language {
        case "yaml" where block.text.hasPrefix("destinations:"):
          try await Self.check(destinations: block.text)
        case "yaml":
          example = try Example(table, key: key, setUp, sync: block.text)
          syncs += 1
        case "sql": try #require(example).database(block.text)
        default: try await #require(example).expect(block.text)
        }
      }
    }
    #expect(syncs == count)
  }

  private static func blocks(in section: String) -> [Block] {
    section.components(separatedBy: "\n```").enumerated().filter { $0.offset % 2 == 1 }.map {
      let lines = $0.element.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      return Block(language: String(lines[0]), text: lines.count > 1 ? String(lines[1]) : "")
    }
  }

  private static func check(destinations: String) async throws {
    let folder = try TemporaryFolder([
      "sluice.yml": "sources:\n  shop: {type: sqlite, path: shop.db}\n" + destinations,
      "certs/ca.pem": "",
    ])
    let variables = ["KAFKA_PASSWORD": "p", "SASL_PASSWORD": "p"]
    let outcome = await folder.run("check", environment: variables)
    #expect(outcome.code == .done, "\(outcome.errors)")
  }
}

/// One sync of a page, over its table, with the embedded broker.
private struct Example {
  let folder: TemporaryFolder

  init(_ table: String, key: String, _ setUp: String, sync: String) throws {
    folder = try TemporaryFolder([
      "sluice.yml": """
      sources: {shop: {type: sqlite, path: shop.db}}
      destinations: {events: {type: kafka, brokers: embedded}}
      """,
      "models/\(table).sql":
        "-- ---\n-- primary_key: \(key)\n-- ---\nSELECT * FROM \(table) ORDER BY \(key)",
      "syncs/\(table).yml": sync,
    ])
    try database(setUp)
  }

  func database(_ sql: String) throws {
    try folder.write(sql, to: "change.sql")
    let result = Shell.runBlocking(
      "sqlite3 -bail \(folder.path)/shop.db < \(folder.path)/change.sql"
    )
    #expect(result.code == 0, "\(result.errors)")
  }

  /// Runs, and compares what was sent with the lines of `text`, each with one message.
  func expect(_ text: String) async throws {
    let outcome = await folder.run("run --log-level error --allow max_removed")
    #expect(outcome.code == .done, "\(outcome.errors)")
    var sent = try Self.objects(outcome.output)
    for expected in try Self.objects(text) {
      let index = sent.firstIndex { message in
        expected.allSatisfy { Self.matches($0.value, message[$0.key]) }
      }
      #expect(index != nil, "nothing like \(expected) in \(outcome.output)")
      if let index { sent.remove(at: index) }
    }
    #expect(sent.isEmpty, "\(sent) is not in the page")
  }

  private static func objects(_ lines: String) throws -> [[String: Any]] {
    try lines.split(separator: "\n").map { line in
      let json = try JSONSerialization.jsonObject(with: Data(line.utf8))
      return try #require(json as? [String: Any], "\(line)")
    }
  }

  /// Whether a value is as the page has it, where `…` stands for anything.
  private static func matches(_ expected: Any, _ actual: Any?) -> Bool {
    switch (expected, actual) {
    case (let text as String, let actual as String) where text.hasSuffix("…"):
      return actual.hasPrefix(text.dropLast()) && actual.count > text.count
    case (let object as [String: Any], let actual as [String: Any]):
      return object.count == actual.count
        && object.allSatisfy { matches($0.value, actual[$0.key]) }
    default: return (expected as? NSObject) == (actual as? NSObject)
    }
  }
}
