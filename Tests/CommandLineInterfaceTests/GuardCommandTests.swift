import CommandLineInterface
import Foundation
import SQLite
import Settings
import Testing

/// Guards as somebody meets them who types commands.
@Suite struct GuardCommandTests {
  private func project(_ guards: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder([
      "sluice.yml": """
      sources: {shop: {type: sqlite, path: shop.db}}
      destinations: {events: {type: kafka, brokers: embedded}}
      defaults: {guards: {max_changed: 10%}}
      """,
      "models/t.sql": "-- ---\n-- primary_key: id\n-- ---\nSELECT * FROM t ORDER BY id\n",
      "syncs/s.yml": "model: t\ntopic: t\nkey: {column: id}\nguards: {\(guards)}\n",
    ])
    try change(
      folder,
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (1, 1), (2, 2), (3, 3)"
    )
    return folder
  }

  private func change(_ folder: TemporaryFolder, _ sql: String) throws {
    try SQLiteConnection(path: folder.path + "/shop.db", mode: .create).execute(sql)
  }

  @Test func `a stopped run and its plan say how many rows, which, and what to type`()
    async throws
  {
    let folder = try project("max_removed: 0")
    #expect(await folder.run("run").code == .done)
    try change(folder, "UPDATE t SET a = 0 WHERE id < 3; DELETE FROM t WHERE id = 3")
    let run = await folder.run("run")
    #expect(run.code == .stoppedByGuard)
    #expect(run.output == "")
    for part in [
      "1 of 3 rows would be removed, more than `max_removed: 0` (3); "
        + "2 of 3 rows would change, more than `max_changed: 10%` (1, 2); nothing was sent",
      "`sluice run s --allow max_removed --allow max_changed`",
      "2 changed, 1 removed; none sent",
    ] {
      #expect(run.errors.contains(part), "\(run.errors)")
    }
    let plan = await folder.run("plan")
    #expect(plan.code == .stoppedByGuard)
    #expect(plan.output.hasPrefix("s: 2 rows read\n"), "\(plan.output)")
    #expect(plan.output.contains("  - 3\n"))
    let counts = "0 to add, 2 to change, 1 to remove; nothing would be sent"
    #expect(plan.output.hasSuffix("s: stopped by max_removed, max_changed: \(counts)\n"))
    #expect(plan.errors.contains("more than `max_removed: 0`"))
    #expect(await folder.run("plan --allow max_removed").code == .stoppedByGuard)
    #expect(await folder.run("run --allow max_removed --allow max_changed").code == .done)
  }

  @Test func `too few rows for a first run, a backfill and a reset are stopped until allowed`()
    async throws
  {
    let folder = try project("min_rows: 4")
    for line in ["run", "backfill s", "reset s --to-current --yes"] {
      let stopped = await folder.run(line)
      #expect(stopped.code == .stoppedByGuard, "\(line)")
      #expect(stopped.errors.contains("the result has 3 rows, fewer than `min_rows: 4`"), "\(line)")
      let allowed = await folder.run(line + " --allow min_rows")
      #expect(allowed.code == .done, "\(line): \(allowed.errors)")
    }
    let status = await folder.run("status --output json")
    #expect(status.output.contains(#""backfill_unfinished":false"#))
  }

  @Test func `an empty result is a plan that is stopped, not one that failed`() async throws {
    let folder = try project("max_changed: none")
    #expect(await folder.run("run").code == .done)
    try change(folder, "DELETE FROM t")
    let plan = await folder.run("plan")
    #expect(plan.code == .stoppedByGuard)
    #expect(plan.output.hasPrefix("s: 0 rows read\n"), "\(plan.output)")
    #expect(plan.output.contains("0 to add, 0 to change, 3 to remove; nothing would be sent"))
  }

  @Test func `every guard can be allowed, by its own name only`() async throws {
    let folder = try project("max_added: 1000")
    for name in Guard.allCases {
      #expect(await folder.run("plan --allow \(name.rawValue)").code == .done, "\(name)")
    }
    #expect(await folder.run("run --allow max_remove").code == .usage)
    #expect(await folder.run("reset s --yes --allow min_rows").code == .usage)
  }
}
