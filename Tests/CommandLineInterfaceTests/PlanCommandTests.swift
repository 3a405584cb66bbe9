import CommandLineInterface
import Foundation
import SQLite
import Testing

/// A plan as somebody reads it: on a terminal, in a file, in a comment on a pull request.
@Suite struct PlanCommandTests {
  /// 200 rows are delivered; 9 more come, 99 change, 10 go, and the row 2 holds what Markdown means.
  private func project(
    _ sync: String = "",
    models: [String] = ["s"]
  ) async throws -> TemporaryFolder {
    var files = [
      "sluice.yml": """
      sources: {shop: {type: sqlite, path: shop.db}}
      destinations: {events: {type: kafka, brokers: embedded}}
      """,
      "models/t.sql": "-- ---\n-- primary_key: id\n-- ---\nSELECT * FROM t ORDER BY id\n",
    ]
    for name in models {
      files["syncs/\(name).yml"] = "model: t\ntopic: t\nkey: {column: id}\n\(sync)"
    }
    let folder = try TemporaryFolder(files)
    try change(
      folder,
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, note TEXT, p INTEGER);
      WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 200)
      INSERT INTO t SELECT n, 'name ' || n, 'start ' || hex(zeroblob(300)) || n, 0 FROM c;
      """
    )
    #expect(await folder.run("run --quiet").code == .done)
    try change(
      folder,
      """
      UPDATE t SET note = note || ' end' WHERE id < 100;
      UPDATE t SET name = '@ada ```` #1 <b>|' WHERE id = 2;
      DELETE FROM t WHERE id > 190;
      WITH RECURSIVE c(n) AS (SELECT 1001 UNION ALL SELECT n + 1 FROM c WHERE n < 1009)
      INSERT INTO t SELECT n, 'secret ' || n, NULL, 99 FROM c;
      """
    )
    return folder
  }

  private func change(_ folder: TemporaryFolder, _ sql: String) throws {
    try SQLiteConnection(path: folder.path + "/shop.db", mode: .create).execute(sql)
  }

  private static let counts = "9 to add, 99 to change, 10 to remove; 118 messages"

  @Test func `a plan has signs, what differs, what is left, and its counts at the end`()
    async throws
  {
    let folder = try await project()
    let text = await folder.run("plan").output
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines.first == "s: 199 rows read")
    #expect(lines.last == "s: \(Self.counts)")
    let signs = lines.filter {
      $0.hasPrefix("  + ") || $0.hasPrefix("  ~ ") || $0.hasPrefix("  - ")
    }
    #expect(
      signs == ["1001", "1002", "1003"].map { "  + \($0)" } + ["1", "2", "3"].map { "  ~ \($0)" }
        + ["191", "192", "193"].map { "  - \($0)" }
    )
    for line in ["  … 6 more to add", "  … 96 more to change", "  … 7 more to remove"] {
      #expect(lines.contains(line), "\(text)")
    }
    // Of long values one sees where they begin to differ.
    let long = try #require(lines.first { $0.contains("note: …") })
    #expect(long.contains("01\" → …") && long.hasSuffix("01 end\""), "\(long)")
    #expect(lines.contains("      name: \"name 2\" → \"@ada ```` #1 <b>|\""), "\(text)")
    #expect(!text.contains("\u{1B}"))
    #expect(lines.allSatisfy { $0.count <= 160 })
  }

  @Test func `as many samples are shown as one asks for, and messages whole`() async throws {
    let folder = try await project("headers: {origin: sluice}\n")
    let none = await folder.run("plan --samples 0").output
    #expect(none.contains("  … 99 to change\n") && !none.contains("  ~ "), "\(none)")
    let all = await folder.run("plan --samples 10000").output
    #expect(all.components(separatedBy: "\n  ~ ").count == 100 && !all.contains(" more to "))
    let whole = await folder.run("plan --samples 1 --messages").output
    #expect(whole.contains("      → t["), "\(whole)")
    for part in ["        origin: sluice\n", "        change: changed\n", "001 end\"\n"] {
      #expect(whole.contains(part), "\(part) in \(whole)")
    }
    #expect(await folder.run("plan --samples -1").code == .usage)
    #expect(await folder.run("plan --samples 10001").code == .usage)
  }

  @Test func `on a terminal signs have colours, lines end with it, and NO_COLOR is obeyed`()
    async throws
  {
    let folder = try await project()
    func plan(_ width: Int, _ environment: [String: String] = [:]) async -> String {
      let output = MemorySink(isTerminal: true, width: width)
      _ = await CommandLineInterface.run(
        ["plan"],
        environment: environment,
        currentDirectory: folder.path,
        output: output,
        errors: MemorySink()
      )
      return output.text
    }
    let coloured = await plan(80)
    for part in ["\u{1B}[32m+ 1001\u{1B}[0m", "\u{1B}[33m~ 1\u{1B}[0m", "\u{1B}[31m- 191\u{1B}[0m"]
    {
      #expect(coloured.contains(part))
    }
    #expect(coloured.hasSuffix("\u{1B}[1ms: \(Self.counts)\u{1B}[0m\n"))
    for width in [80, 120] {
      let plain = await plan(width, ["NO_COLOR": "1"])
      #expect(!plain.contains("\u{1B}"))
      let lines = plain.split(separator: "\n")
      #expect(lines.allSatisfy { $0.count <= width }, "\(width): \(plain)")
      #expect(lines.contains { $0.count > width - 3 })
    }
  }

  @Test func `a plan of several syncs ends with the sum, also where one of them failed`()
    async throws
  {
    let folder = try await project(models: ["a", "b"])
    let text = await folder.run("plan").output
    #expect(text.contains("a: \(Self.counts)\n") && text.contains("b: \(Self.counts)\n"))
    let sum = "2 syncs: 18 to add, 198 to change, 20 to remove; 236 messages"
    #expect(text.hasSuffix("\n\(sum)\n"), "\(text)")
    try folder.write(
      "-- ---\n-- primary_key: id\n-- ---\nSELECT * FROM nowhere\n",
      to: "models/n.sql"
    )
    try folder.write("model: n\ntopic: t\nkey: {column: id}\n", to: "syncs/b.yml")
    let broken = await folder.run("plan")
    #expect(broken.code == .configuration)
    #expect(broken.output.hasSuffix("; 118 messages; 1 of 2 stopped or failed\n"))
  }

  @Test func `invalid and rejected rows are foreseen, and silent triggers told`() async throws {
    let folder = try await project("triggers: [added, changed]\npartition: {column: p}\n")
    let text = await folder.run("plan --samples 1")
    #expect(text.code == .rejected)
    #expect(text.output.contains("  rejected: 9 rows, first row 1001: the partition is beyond"))
    #expect(
      text.output.contains("      rejected: the partition is beyond the topic's 3 (partition 99)")
    )
    #expect(
      text.output.contains(
        "note: the trigger `removed` is not selected: 10 rows are taken into the snapshot"
      )
    )
    #expect(
      text.output.hasSuffix("9 to add, 99 to change, 10 to remove; 99 messages; 9 rejected\n")
    )
  }

  @Test func `a comment for a pull request calls nobody, breaks nothing and ends in time`()
    async throws
  {
    let folder = try await project()
    let outcome = await folder.run("plan --output markdown")
    #expect(outcome.code == .done)
    let text = outcome.output
    #expect(text.hasPrefix("### Sluice plan: s: \(Self.counts)\n"), "\(text)")
    // No row of a value ends the fence, which is longer than any in a value.
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let fences = lines.filter { $0.hasPrefix("`````") }
    #expect(fences == ["`````diff", "`````"], "\(fences)")
    #expect(lines.contains("-   name: \"name 2\"") && lines.contains("~ 2"))
    #expect(text.contains("… 96 more to change"))
    let full = await folder.run("plan --samples 10000 --messages --output markdown").output
    #expect(full.utf16.count <= 65_000 && full.utf16.count > 60_000, "\(full.utf16.count)")
    #expect(full.contains(" samples do not fit into 65,000 characters: `sluice plan` shows them\n"))
    #expect(full.contains("</details>"))
  }

  @Test func `a comment tells of a plan that failed, and of files that cannot be read`()
    async throws
  {
    let folder = try await project("guards: {max_changed: 5}\n", models: ["a"])
    let stopped = await folder.run("plan --output markdown")
    #expect(stopped.code == .stoppedByGuard)
    #expect(stopped.output.hasPrefix("### Sluice plan: a: stopped by max\\_changed: 9 to add"))
    #expect(stopped.output.contains("- **error:** 99 of 200 rows would change"))
    try folder.write("model: t\ntopic: @home\n", to: "syncs/b.yml")
    let broken = await folder.run("plan --output markdown")
    #expect(broken.code == .configuration)
    #expect(broken.output.contains("- **error:** `syncs/b.yml:2:"), "\(broken.output)")
    try folder.write("sources: [", to: "sluice.yml")
    let none = await folder.run("plan --output markdown")
    #expect(none.output.hasPrefix("### Sluice plan: failed\n\n- **error:** `sluice.yml:1:"))
    #expect(await folder.run("run --output markdown").code == .usage)
  }

  @Test func `a redacted plan holds no value of a row in any form`() async throws {
    let folder = try await project("partition: {column: p}\nguards: {max_removed: 1}\n")
    for format in ["text", "json", "markdown"] {
      let plan = await folder.run("plan --redact --messages --samples 20 --output \(format)")
      #expect(plan.code == .stoppedByGuard)
      // The time of a log line may hold any digits.
      let told = plan.errors.split(separator: "\n").map { line in
        line.hasPrefix("20") ? line.drop { $0 != " " } : line
      }
      let all = plan.output + told.joined(separator: "\n")
      for value in ["secret", "1001", "191", "ada", "start", "name 1", "partition 99"] {
        #expect(!all.contains(value), "\(value) in \(format): \(all)")
      }
      for kept in ["note", "10 of 200 rows would be removed", "the partition is beyond"] {
        #expect(all.contains(kept), "\(kept) in \(format): \(all)")
      }
    }
    let json = await folder.run("plan --redact --output json").output
    #expect(json.contains(#""redacted":true"#) && json.contains(#"{"name":"note","old":null"#))
  }
}
