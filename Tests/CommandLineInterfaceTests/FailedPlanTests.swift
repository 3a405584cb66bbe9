import CommandLineInterface
import Foundation
import SQLite
import TestSupport
import Testing

/// A plan that failed is pasted into pull requests: it must not look like one without changes.
@Suite struct FailedPlanTests {
  /// What is wrong with a project.
  private struct Fault {
    var files: [String: String] = [:]
    var sql = ""
    var code = ExitCode.failed
  }

  private static let model = "-- ---\n-- primary_key: id\n-- ---\n"

  private func project(_ fault: Fault) throws -> TemporaryFolder {
    let files = [
      "sluice.yml": """
      sources: {shop: {type: sqlite, path: shop.db}}
      destinations: {events: {type: kafka, brokers: embedded}}
      """,
      "models/t.sql": Self.model + "SELECT * FROM t\n",
      "syncs/s.yml": "model: t\ntopic: t\nkey: {column: id}\n",
    ]
    let folder = try TemporaryFolder(files.merging(fault.files) { $1 })
    try SQLiteConnection(path: folder.path + "/shop.db", mode: .create).execute(
      "CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1), (2);" + fault.sql
    )
    return folder
  }

  private func check(_ fault: Fault) async throws {
    let folder = try project(fault)
    let text = await folder.run("plan --log-level error")
    #expect(text.code == fault.code, "\(text.errors)")
    #expect(text.output.hasPrefix("s: failed\n"), "\(text.output)")
    #expect(!text.output.contains("nothing to send"))
    #expect(text.errors.contains("error: "))
    let json = await folder.run("plan --output json --log-level error")
    #expect(json.code == fault.code)
    #expect(json.output.contains(#""error":{"code":"SL"#), "\(json.output)")
  }

  @Test func `a plan of a table that is not there does not say that nothing is to be sent`()
    async throws
  {
    let files = ["models/t.sql": Self.model + "SELECT * FROM missing\n"]
    try await check(Fault(files: files, code: .configuration))
  }

  @Test func `a plan of a database that is not there does not say that nothing is to be sent`()
    async throws
  {
    let files = [
      "sluice.yml": """
      sources: {shop: {type: sqlite, path: gone/shop.db}}
      destinations: {events: {type: kafka, brokers: embedded}}
      """
    ]
    try await check(Fault(files: files))
  }

  @Test func `a plan for a cluster that is down does not say that nothing is to be sent`()
    async throws
  {
    let silent = try #require(StandIn { _ in nil })
    let files = [
      "sluice.yml": """
      sources: {shop: {type: sqlite, path: shop.db}}
      destinations:
        events: {type: kafka, brokers: "127.0.0.1:\(silent.port)", tls: false, timeouts: {connect: 1s}}
      """
    ]
    try await check(Fault(files: files))
  }

  @Test func `a plan of a query that fails midway says that it stopped`() async throws {
    let files = ["models/t.sql": Self.model + "SELECT id, abs(id) AS a FROM t\n"]
    let sql = "INSERT INTO t VALUES (-9223372036854775808); DELETE FROM t WHERE id = 2;"
    let folder = try project(Fault(files: files, sql: sql))
    let text = await folder.run("plan --log-level error")
    #expect(text.code != .done)
    #expect(text.output.hasPrefix("s: failed") || text.output.hasPrefix("s: stopped"))
    #expect(!text.output.contains("nothing to send"), "\(text.output)")
  }
}
