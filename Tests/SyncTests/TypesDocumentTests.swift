import Connections
import Sync
import Foundation
import Settings
import TestSupport
import Testing

/// Runs the tables of `docs/types.md` as they stand.
@Suite struct TypesDocumentTests {
  @Test(.enabled(if: PostgresCluster.isInstalled, "Postgres is not installed"))
  func `every Postgres example of the document becomes what it says`() async throws {
    let cluster = try #require(PostgresCluster.shared)
    let document = try TypesDocument(section: "Postgres")
    let database = cluster.makeDatabase(document.setUp)
    try await check(document.examples) { PostgresSource.test(cluster, database) }
  }

  @Test func `every SQLite example of the document becomes what it says`() async throws {
    let document = try TypesDocument(section: "SQLite")
    let bench = try Bench("CREATE TABLE t (id)")
    try await check(document.examples) {
      SQLiteSource(name: "shop", path: bench.databasePath, isImmutable: false)
    }
  }

  private func check(
    _ examples: [TypeExample],
    source: () -> any RowSource
  ) async throws {
    let accepted = examples.filter { $0.member != nil }
    var found: [(member: String, text: String?)] = []
    do {
      found = try await TypeExample.send(accepted, from: source(), Bench())
    } catch {
      // Which of them is to blame shows when each is sent alone.
      for example in accepted {
        let alone = try await TypeExample.send([example], from: source(), Bench())
        found.append(try #require(alone.first, "\(example)"))
      }
    }
    for (example, found) in zip(accepted, found) {
      #expect(found.member == example.member, "\(example)")
      #expect(found.text == example.text, "\(example), as a header")
    }
    for example in examples where example.member == nil {
      do {
        let found = try await TypeExample.send([example], from: source(), Bench())
        Issue.record("\(example) becomes \(found[0].member)")
      } catch let refusal as TypeExample.Refusal {
        #expect(refusal.isRejection, "\(example): \(refusal.reason)")
      }
    }
    let rejected = examples.count - accepted.count
    print("examples of docs/types.md: \(accepted.count) sent, \(rejected) rejected")
  }
}

/// The tables of one section of `docs/types.md`.
private struct TypesDocument {
  var setUp = ""
  var examples: [TypeExample] = []

  init(section: String) throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("docs/types.md")
    let text = try String(contentsOf: file, encoding: .utf8)
    let parts = text.components(separatedBy: "\n## ")
    let part = try #require(parts.first { $0.hasPrefix(section + "\n") })
    var isCode = false
    var columns: [String] = []
    for line in part.components(separatedBy: "\n") {
      if line.hasPrefix("```") { isCode.toggle() } else if isCode { setUp += line + "\n" }
      guard line.hasPrefix("|") else {
        columns = []
        continue
      }
      let cells = Self.cells(line)
      if columns.isEmpty {
        columns = cells
      } else if !line.hasPrefix("|---") {
        examples.append(try Self.example(Dictionary(zip(columns, cells)) { $1 }))
      }
    }
    #expect(examples.count > 20)
  }

  private static func cells(_ line: String) -> [String] {
    line.replacingOccurrences(of: "\\|", with: "\u{1}").dropFirst().dropLast()
      .split(separator: "|", omittingEmptySubsequences: false)
      .map { cell in
        cell.trimmingCharacters(in: .whitespaces).replacingOccurrences(of: "\u{1}", with: "|")
      }
  }

  private static func example(_ cells: [String: String]) throws -> TypeExample {
    let member = try #require(cells["Member"])
    return TypeExample(
      expression: code(try #require(cells["Example"])),
      cast: cells["Cast"].flatMap(CastType.init),
      member: member == "rejected" ? nil : code(member),
      text: cells["Key, topic, header"].flatMap { $0 == "—" ? nil : code($0) }
    )
  }

  private static func code(_ cell: String) -> String {
    cell == "*empty*" ? "" : String(cell.dropFirst().dropLast())
  }
}

extension PostgresSource {
  static func test(
    _ cluster: PostgresCluster,
    _ database: String,
    user: String = "postgres",
    password: String? = nil,
    session: [(String, String)] = []
  ) -> PostgresSource {
    var parameters = cluster.parameters(database: database, user: user)
    if let password { parameters.append(("password", password)) }
    return PostgresSource(
      name: "warehouse",
      parameters: parameters.map { ($0.keyword, Secret($0.value)) },
      session: session
    )
  }
}
