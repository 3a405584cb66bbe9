import CommandLineInterface
import Foundation
import SQLite
import Testing

/// Earlier runs and their problems, as somebody asks for them.
@Suite struct HistoryCommandTests {
  private func project() async throws -> TemporaryFolder {
    let folder = try TemporaryFolder([
      "sluice.yml": """
      sources: {shop: {type: sqlite, path: shop.db}}
      destinations: {events: {type: kafka, brokers: embedded}}
      """,
      "models/t.sql": "-- ---\n-- primary_key: id\n-- ---\nSELECT * FROM t ORDER BY id\n",
      "syncs/s.yml": "model: t\ntopic: t\nkey: {column: id}\npartition: {column: p}\n",
      "syncs/u.yml": "model: t\ntopic: u\nkey: {column: id}\n",
    ])
    try change(
      folder,
      """
      CREATE TABLE t (id INTEGER, p INTEGER);
      INSERT INTO t VALUES (1, 0), (2, 99), (3, 99), (4, 0), (NULL, 0);
      """
    )
    #expect(await folder.run("run s --quiet").code == .rejected)
    try change(folder, "DELETE FROM t WHERE id IS NULL OR id = 3")
    #expect(await folder.run("run s --quiet").code == .rejected)
    return folder
  }

  private func change(_ folder: TemporaryFolder, _ sql: String) throws {
    try SQLiteConnection(path: folder.path + "/shop.db", mode: .create).execute(sql)
  }

  private func runs(_ folder: TemporaryFolder) async throws -> [String] {
    let output = await folder.run("runs s --output json").output
    let document = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
    let runs = document?["runs"] as? [[String: Any]] ?? []
    return runs.compactMap { $0["run"] as? String }
  }

  @Test func `one run is shown in full, whichever sync it was of`() async throws {
    let folder = try await project()
    let ids = try await runs(folder)
    let first = try #require(ids.last)
    #expect(await folder.run("runs s").output.contains(first))
    for line in ["runs --run \(first)", "runs s --run \(first)"] {
      let shown = await folder.run(line)
      #expect(shown.code == .done)
      let lines = shown.output.split(separator: "\n").map(String.init)
      #expect(lines.first == "s \(first)")
      #expect(lines.contains("  outcome: done_with_problems"), "\(shown.output)")
      #expect(lines.contains { $0.hasPrefix("    read ") && $0.hasSuffix("  5") })
      #expect(lines.contains { $0.hasPrefix("    rejected: 2 rows, first row 2: the partition") })
      #expect(lines.contains { $0.hasPrefix("    invalid: 1 row: a column of the primary key") })
      #expect(shown.errors.contains("`sluice messages s --run \(first)`"))
    }
    let json = await folder.run("runs --run \(first) --output json").output
    #expect(json.components(separatedBy: #""run":"#).count == 2 && json.contains(first))
    let unknown = await folder.run("runs --run run_nothing")
    #expect(unknown.code == .configuration && unknown.errors.contains("unknown run 'run_nothing'"))
    #expect(await folder.run("runs u --run \(first)").code == .configuration)
    #expect(await folder.run("runs --run \(first) --limit 3").code == .usage)
  }

  @Test func `reasons of the last runs say in how many of them, since when, until when`()
    async throws
  {
    let folder = try await project()
    let all = await folder.run("errors s --runs 10")
    let lines = all.output.split(separator: "\n").map(String.init)
    #expect(lines.count == 4, "\(all.output)")
    // The latest run's reason first; rows are those of the last run that had it.
    #expect(lines[0] == "rejected: the partition is beyond the topic's 3")
    #expect(lines[1].hasPrefix("  in 2 runs, ") && lines[1].contains(" to "), "\(lines[1])")
    #expect(lines[1].hasSuffix("; 1 row in the last of them, first row 2"), "\(lines[1])")
    #expect(lines[2].hasPrefix("invalid: a column of the primary key is NULL"), "\(lines[2])")
    #expect(lines[3].hasPrefix("  in 1 run, of ") && lines[3].hasSuffix("; 1 row"), "\(lines[3])")
    let latest = await folder.run("errors s --runs 1").output
    #expect(latest.split(separator: "\n").count == 2, "\(latest)")
    let json = await folder.run("errors s --runs 10 --output json").output
    #expect(json.contains(#""runs":2,"rows":1,"first":"2","since":"#), "\(json)")
    #expect(await folder.run("errors s --runs 10 --show-values").code == .usage)
    try change(folder, "UPDATE t SET p = 0")
    #expect(await folder.run("run s --quiet").code == .done)
    #expect(await folder.run("errors s --runs 1").output == "s: no errors in the last 1 runs\n")
    #expect(await folder.run("errors s --runs 3").output.contains("  in 2 runs, "))
  }
}
