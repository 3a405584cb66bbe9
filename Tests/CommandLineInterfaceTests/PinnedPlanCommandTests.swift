import CommandLineInterface
import Foundation
import SQLite
import Testing

/// A plan that is saved, reviewed and applied, as somebody types it.
@Suite struct PinnedPlanCommandTests {
  private func project(_ syncs: [String] = ["s"]) async throws -> TemporaryFolder {
    var files = [
      "sluice.yml": """
      sources: {shop: {type: sqlite, path: shop.db}}
      destinations: {events: {type: kafka, brokers: embedded}}
      """,
      "models/t.sql": "-- ---\n-- primary_key: id\n-- ---\nSELECT * FROM t ORDER BY id\n",
    ]
    for name in syncs {
      files["syncs/\(name).yml"] = "model: t\ntopic: \(name)\nkey: {column: id}\n"
    }
    let folder = try TemporaryFolder(files)
    try change(
      folder,
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, 'x'), (2, 'secret')"
    )
    #expect(await folder.run("run --quiet").code == .done)
    try change(folder, "UPDATE t SET a = 'y' WHERE id = 1; INSERT INTO t VALUES (3, 'secret')")
    return folder
  }

  private func change(_ folder: TemporaryFolder, _ sql: String) throws {
    try SQLiteConnection(path: folder.path + "/shop.db", mode: .create).execute(sql)
  }

  /// Keys and values of the messages that a command printed, sorted: each partition has its order.
  private func messages(_ output: String) -> [String] {
    output.split(separator: "\n").compactMap { line in
      guard
        let message = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
        let value = message["value"] as? [String: Any]
      else { return nil }
      return "\(message["key"] ?? "-") \(value["a"] ?? "-")"
    }.sorted()
  }

  @Test func `a plan is saved, shown, and applied as it is, with what the source was then`()
    async throws
  {
    let folder = try await project()
    let saved = await folder.run("plan s --save s.plan")
    #expect(saved.code == .done, "\(saved.errors)")
    #expect(saved.output.contains("  pinned: plan_"), "\(saved.output)")
    #expect(saved.output.contains("; `sluice apply s.plan`\n"))
    let again = await folder.run("plan s --save s.plan")
    #expect(again.code == .usage && again.errors.contains("--replace"))
    let shown = await folder.run("plan show s.plan")
    #expect(shown.code == .done && shown.output == saved.output)
    #expect(await folder.run("plan show s.plan --exit-code").code == .somethingToSend)
    let redacted = await folder.run("plan show s.plan --output markdown --redact")
    #expect(redacted.output.contains("1 to add, 1 to change, 0 to remove; 2 messages"))
    #expect(!redacted.output.contains("secret"))
    try change(folder, "UPDATE t SET a = 'late'; DELETE FROM t WHERE id = 3")
    let applied = await folder.run("apply s.plan")
    #expect(applied.code == .done, "\(applied.errors)")
    #expect(messages(applied.output) == ["1 y", "3 secret"])
    #expect(applied.errors.contains(": 1 added, 1 changed; 2 messages sent"), "\(applied.errors)")
    let second = await folder.run("apply s.plan")
    #expect(second.code == .failed && second.errors.contains("was applied at"))
    // The next run finds what changed since, the row that is gone with its old values.
    #expect(messages(await folder.run("run").output) == ["1 late", "2 late", "3 secret"])
  }

  @Test func `--replace replaces plans only, and none that keeps runs out`() async throws {
    let folder = try await project()
    for file in ["state/s.db", "sluice.yml"] {
      let before = try Data(contentsOf: URL(filePath: folder.path + "/" + file))
      let outcome = await folder.run("plan s --save \(file) --replace")
      #expect(outcome.code == .usage && outcome.errors.contains("is not a plan"))
      #expect(try Data(contentsOf: URL(filePath: folder.path + "/" + file)) == before)
    }
    #expect(await folder.run("plan s --save s.plan --hold 1h").code == .done)
    let outcome = await folder.run("plan s --save s.plan --replace")
    #expect(outcome.code == .alreadyRunning, "\(outcome.errors)")
    #expect(outcome.errors.contains("rm ") && outcome.errors.contains("plan drop"))
    #expect(await folder.run("plan drop s.plan").code == .done)
    #expect(await folder.run("run --quiet").code == .done)
  }

  @Test func `a plan without a project is shown, and said to be what it is not`() async throws {
    let folder = try await project()
    #expect(await folder.run("plan s --save s.plan --quiet").code == .done)
    let elsewhere = try TemporaryFolder()
    #expect(await elsewhere.run("plan show \(folder.path)/s.plan").code == .done)
    let missing = await elsewhere.run("plan show no.plan")
    #expect(missing.code == .failed && missing.errors.contains("there is no such plan"))
    let state = await folder.run("plan show state/s.db")
    #expect(state.code == .failed && state.errors.contains("not a plan of Sluice"))
    chmod(folder.path + "/s.plan", 0o644)
    let readable = await folder.run("plan show s.plan")
    #expect(readable.code == .done && readable.errors.contains("chmod 600 s.plan"))
    chmod(folder.path + "/s.plan", 0o666)
    #expect(await folder.run("apply s.plan").code == .failed)
    chmod(folder.path + "/s.plan", 0o600)
    let old = await folder.run("apply s.plan --max-age 0s")
    #expect(old.code == .failed && old.errors.contains("--max-age"), "\(old.errors)")
    // The sync is gone from the project.
    try FileManager.default.moveItem(
      atPath: folder.path + "/syncs/s.yml",
      toPath: folder.path + "/syncs/r.yml"
    )
    let other = await folder.run("apply s.plan")
    #expect(other.code == .usage && other.errors.contains("unknown sync 's'"), "\(other.errors)")
  }

  @Test func `a hold keeps runs out until the plan is applied, dropped, or its time is over`()
    async throws
  {
    let folder = try await project()
    let held = await folder.run("plan s --save s.plan --hold 1h")
    #expect(held.output.contains("keeps runs out until"), "\(held.errors)")
    for line in [
      "run s", "backfill s", "reset s --yes", "reset s --yes --to-current",
      "plan s --save other.plan --hold 1h",
    ] {
      let refused = await folder.run(line)
      #expect(refused.code == .alreadyRunning, "\(line)")
      let drop = "sluice plan drop \(folder.path)/s.plan"
      #expect(refused.errors.contains(drop), "\(line): \(refused.errors)")
    }
    #expect(await folder.run("state backup s copy.db").code == .done)
    #expect(await folder.run("state restore s copy.db --yes").code == .alreadyRunning)
    let skipped = await folder.run("run s --if-running skip")
    #expect(skipped.code == .done && skipped.output.isEmpty && skipped.errors.isEmpty)
    // Whatever moves nothing is let in.
    for line in ["plan s", "status", "state compact s", "errors s"] {
      #expect(await folder.run(line).code == .done, "\(line)")
    }
    #expect(await folder.run("apply s.plan").code == .done)
    #expect(await folder.run("run s").code == .done)

    try change(folder, "UPDATE t SET a = 'z'")
    #expect(await folder.run("plan s --save drop.plan --hold 1h --quiet").code == .done)
    let dropped = await folder.run("plan drop drop.plan")
    #expect(dropped.code == .done && dropped.output.contains("is dropped"), "\(dropped.output)")
    #expect(await folder.run("apply drop.plan").code == .failed)
    #expect(messages(await folder.run("run s").output).count == 3)

    // Dropping takes only the hold away, so it asks nobody whether the file is what was reviewed.
    try change(folder, "UPDATE t SET a = 'open'")
    #expect(await folder.run("plan s --save open.plan --hold 1h --quiet").code == .done)
    chmod(folder.path + "/open.plan", 0o660)
    #expect(await folder.run("apply open.plan").code == .failed)
    #expect(await folder.run("run s").code == .alreadyRunning)
    #expect(await folder.run("plan drop open.plan").code == .done)
    #expect(await folder.run("run s").code == .done)

    try change(folder, "UPDATE t SET a = 'over'")
    #expect(await folder.run("plan s --save over.plan --hold 0s --quiet").code == .done)
    #expect(await folder.run("run s").code == .done)
    try folder.write("{", to: "state/s.hold")
    let broken = await folder.run("run s")
    #expect(broken.code == .failed && broken.errors.contains("not the hold of a plan"))
  }

  @Test func `plans of several syncs are saved in a folder and applied together`() async throws {
    let folder = try await project(["a", "b"])
    let saved = await folder.run("plan --save plans")
    #expect(saved.code == .done, "\(saved.errors)")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/plans")
    #expect(files.sorted() == ["a.plan", "b.plan"])
    #expect(await folder.run("plan show plans").output.contains("2 syncs: 2 to add, 2 to change"))
    #expect(await folder.run("plan a --save other.plan").code == .done)
    let two = await folder.run("apply plans other.plan")
    #expect(two.code == .usage && two.errors.contains("two plans of a"), "\(two.errors)")
    // A file that is named twice is one plan.
    let applied = await folder.run("apply plans plans/a.plan")
    #expect(messages(applied.output).count == 4, "\(applied.errors)")
    let dropped = await folder.run("plan drop plans ./plans/a.plan plans/b.plan")
    #expect(dropped.code == .done && dropped.output.split(separator: "\n").count == 2)
    let empty = await folder.run("apply plans")
    #expect(empty.code == .usage && empty.errors.contains("no plan in it"))
    #expect(await folder.run("plan --save shop.db --replace").code == .usage)
  }

  @Test func `guards that stop a plan are lifted by apply itself`() async throws {
    let folder = try await project()
    try change(folder, "DELETE FROM t")
    let saved = await folder.run("plan s --save s.plan")
    #expect(saved.code == .stoppedByGuard)
    #expect(saved.errors.contains("sluice apply s.plan --allow max_removed"), "\(saved.errors)")
    #expect(await folder.run("plan show s.plan").code == .stoppedByGuard)
    #expect(await folder.run("apply s.plan").code == .stoppedByGuard)
    let allowed = await folder.run("plan s --save s.plan --replace --allow max_removed")
    let note = "an allowance is not pinned: `sluice apply s.plan --allow max_removed` sends it"
    #expect(allowed.code == .done && allowed.output.contains("  note: \(note)\n"))
    #expect(await folder.run("plan show s.plan").output.contains(note))
    let applied = await folder.run("apply s.plan --allow max_removed")
    #expect(applied.code == .done && applied.errors.contains("2 removed"), "\(applied.errors)")
  }

  @Test func `options of a pinned plan need one, and words after plan are syncs or commands`()
    async throws
  {
    let folder = try await project(["show"])
    for option in ["--hold 1h", "--replace", "--wait 1s"] {
      let refused = await folder.run("plan \(option)")
      #expect(refused.code == .usage && refused.errors.contains("add --save FILE"))
    }
    #expect(await folder.run("plan show").code == .usage)
    #expect(await folder.run("plan -- show").output.contains("show: 1 to add"))
    #expect(await folder.run("plan --samples 1 show").output.contains("show: 1 to add"))
  }
}
