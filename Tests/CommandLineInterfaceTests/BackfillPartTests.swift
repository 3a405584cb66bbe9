import CommandLineInterface
import Foundation
import SQLite
import Testing

/// Backfills of some rows, of several syncs, and plans of them.
@Suite struct BackfillPartTests {
  private func project() async throws -> TemporaryFolder {
    let folder = try TemporaryFolder([
      "sluice.yml": """
      sources: {shop: {type: sqlite, path: shop.db}}
      destinations: {events: {type: kafka, brokers: embedded}}
      """,
      "models/t.sql": """
      -- ---
      -- primary_key: [g, id]
      -- ---
      SELECT * FROM t ORDER BY g, id; -- all of them
      """,
      "syncs/a.yml": "model: t\ntopic: a\nkey: {primary_key: true}\ntags: [crm]\n",
      "syncs/b.yml": "model: t\ntopic: b\nkey: {primary_key: true}\ntags: [crm]\n",
    ])
    try change(
      folder,
      """
      CREATE TABLE t (g TEXT, id INTEGER, v INTEGER);
      WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 10)
      INSERT INTO t SELECT 'x', n, n FROM c UNION ALL SELECT 'y,1', n, n FROM c;
      """
    )
    #expect(await folder.run("run --quiet").code == .done)
    return folder
  }

  private func change(_ folder: TemporaryFolder, _ sql: String) throws {
    try SQLiteConnection(path: folder.path + "/shop.db", mode: .create).execute(sql)
  }

  /// What came out of a command: topics with the keys of their messages, sorted, since the broker
  /// hands them out partition by partition.
  private func sent(_ outcome: Outcome) -> [String] {
    outcome.output.split(separator: "\n").compactMap { line in
      guard
        let message = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
        let topic = message["topic"] as? String
      else { return nil }
      let isBackfill = (message["headers"] as? [String: String])?["backfill"] == "true"
      return "\(topic) \(message["key"] as? String ?? "-")\(isBackfill ? "" : " changed")"
    }.sorted()
  }

  @Test func `a condition chooses rows, and nothing is said of the others`() async throws {
    let folder = try await project()
    try change(folder, "DELETE FROM t WHERE id = 1; UPDATE t SET v = 0 WHERE id = 2")
    let words = ["backfill", "a", "--where", "v > 8 OR g = 'x' AND id = 2 -- and so on"]
    let part = await folder.run(words: words)
    #expect(part.code == .done, "\(part.errors)")
    #expect(
      sent(part) == [
        #"a ["x",10]"#, #"a ["x",2]"#, #"a ["x",9]"#, #"a ["y,1",10]"#, #"a ["y,1",9]"#,
      ]
    )
    // It is neither a whole backfill nor one that was interrupted.
    #expect(await folder.run("status --output json").output.contains("true") == false)
    // What it did not read is found by the next run: the removals, and the other changed row.
    #expect(
      sent(await folder.run("run a")) == [
        #"a ["x",1] changed"#, #"a ["y,1",1] changed"#, #"a ["y,1",2] changed"#,
      ]
    )
    #expect(sent(await folder.run("run a")) == [])
  }

  @Test func `keys choose rows as people write them, and those that are missing are told`()
    async throws
  {
    let folder = try await project()
    let typed = await folder.run(words: ["backfill", "a", "--key", "x,3", "--key", #"["y,1",4]"#])
    #expect(sent(typed) == [#"a ["x",3]"#, #"a ["y,1",4]"#], "\(typed.errors)")
    try folder.write("x,5\r\n\n[\"y,1\", 6]\nx,99\n", to: "keys.txt")
    let file = await folder.run("backfill a --keys keys.txt")
    #expect(sent(file) == [#"a ["x",5]"#, #"a ["y,1",6]"#])
    #expect(file.errors.contains("warning: 1 of the keys asked for are not in the result: x,99"))
    let plan = await folder.run("plan a --backfill --keys keys.txt --redact")
    #expect(plan.output.contains("note: 1 of the keys asked for are not in the result\n"))
    #expect(!plan.output.contains("x,"), "\(plan.output)")
    try folder.write("\n", to: "empty.txt")
    for line in ["backfill a --keys empty.txt", "backfill a --keys nowhere.txt"] {
      #expect(await folder.run(line).code == .usage, "\(line)")
    }
  }

  @Test func `the first rows of several syncs are sent, and no sync by mistake`() async throws {
    let folder = try await project()
    let first = [#"a ["x",1]"#, #"b ["x",1]"#]
    #expect(sent(await folder.run("backfill a b --limit 1")) == first)
    #expect(sent(await folder.run("backfill --tag crm --limit 1")) == first)
    let none = await folder.run("backfill")
    #expect(none.code == .usage && none.errors.contains("SYNC is missing"))
    #expect(await folder.run("backfill a --restart --limit 1").code == .usage)
    #expect(sent(await folder.run("backfill a b")).count == 40)
  }

  @Test func `a plan shows what a backfill of some rows would send, and sends nothing`()
    async throws
  {
    let folder = try await project()
    let plan = await folder.run(words: ["plan", "a", "--backfill", "--where", "id = 7"])
    #expect(plan.code == .done, "\(plan.errors)")
    #expect(plan.output.hasSuffix("a: 2 to add, 0 to change, 0 to remove; 2 messages\n"))
    #expect(plan.output.contains("  + x,7\n"))
    let whole = await folder.run("plan a --backfill").output
    #expect(whole.hasSuffix("a: 20 to add, 0 to change, 0 to remove; 20 messages\n"))
    #expect(await folder.run(words: ["plan", "a", "--where", "id = 7"]).code == .usage)
    #expect(sent(await folder.run("run")) == [])
  }

  @Test func `a whole backfill that was interrupted is not finished by one of some rows`()
    async throws
  {
    let folder = try await project()
    try SQLiteConnection(path: folder.path + "/state/a.db", mode: .readWrite).execute(
      "INSERT INTO meta VALUES ('backfill', (SELECT max(number) + 1 FROM batch))"
    )
    #expect(sent(await folder.run("backfill a --key x,3")).count == 1)
    let status = await folder.run("status a --output json").output
    #expect(status.contains(#""backfill_unfinished":true"#), "\(status)")
    // The row that was sent since it began need not be sent again.
    #expect(sent(await folder.run("backfill a")).count == 19)
    #expect(await folder.run("status a --output json").output.contains(#"unfinished":false"#))
  }

  @Test func `messages that differ are sent, also among the rows of a condition`() async throws {
    let folder = try await project()
    try folder.write(
      "model: t\ntopic: a\nkey: {primary_key: true}\nheaders:\n"
        + "  h: \"{% if row.id > 8 %}high{% endif %}\"\n",
      to: "syncs/a.yml"
    )
    let plan = await folder.run("plan a --backfill --changed-messages")
    #expect(plan.output.hasSuffix("a: 20 to add, 0 to change, 0 to remove; 20 messages\n"))
    let words = ["backfill", "a", "--changed-messages", "--where", "id = 9 OR g = 'x'"]
    #expect(sent(await folder.run(words: words)).count == 11)
    #expect(sent(await folder.run("backfill a --changed-messages --key x,1 --key x,2")).isEmpty)
    #expect(sent(await folder.run("backfill a --changed-messages")).count == 9)
    let none = await folder.run("backfill a --changed-messages")
    #expect(
      sent(none) == []
        && none.errors.contains("today's settings make no other message than those before")
    )
    #expect(await folder.run("backfill a --changed-messages --restart").code == .usage)
    #expect(await folder.run("plan a --changed-messages").code == .usage)
    #expect(await folder.run("plan a --against HEAD --changed-messages").code == .usage)
  }

  @Test func `a condition that the database refuses is told as one`() async throws {
    let folder = try await project()
    for condition in ["vv > 1", "v >", "v > 1; DROP TABLE t"] {
      let refused = await folder.run(words: ["backfill", "a", "--where", condition])
      #expect(refused.code == .configuration, "\(condition): \(refused.errors)")
      #expect(!refused.errors.contains("models/t.sql:5"), "\(refused.errors)")
    }
    let stopped = await folder.run(words: ["plan", "a", "--backfill", "--where", "vv > 1"])
    #expect(stopped.errors.contains("the condition 'vv > 1': "), "\(stopped.errors)")
  }
}
