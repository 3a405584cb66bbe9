import CommandLineInterface
import Foundation
import SQLite
import Testing

/// Rows that are rejected or invalid, wherever they are told.
@Suite struct ProblemReportTests {
  /// 20 rows: 12 of odd id with a broken body, 3 without a partition to go to, 2 without a key.
  private func project(
    _ template: String = #"{"id": {{ row.id }}, "pad": {{ row.pad | raw }}}"#
  )
    async throws -> TemporaryFolder
  {
    let folder = try TemporaryFolder([
      "sluice.yml": """
      sources: {shop: {type: sqlite, path: shop.db}}
      destinations: {events: {type: kafka, brokers: embedded}}
      """,
      "models/t.sql":
        "-- ---\n-- source: shop\n-- primary_key: id\n-- ---\nSELECT * FROM t ORDER BY n\n",
      "syncs/s.yml": """
      model: t
      destination: events
      topic: t
      key: {column: id}
      partition: {column: p}
      message:
        template: |
          \(template)
      """,
    ])
    try SQLiteConnection(path: folder.path + "/shop.db", mode: .create).execute(
      """
      CREATE TABLE t (n INTEGER PRIMARY KEY, id INTEGER, pad TEXT, p INTEGER);
      WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 20)
      INSERT INTO t SELECT n, n, '"x"', 0 FROM c;
      UPDATE t SET pad = '"' || hex(zeroblob(n)) WHERE n <= 12;
      UPDATE t SET p = 1000 + n WHERE n BETWEEN 13 AND 15;
      UPDATE t SET id = NULL WHERE n IN (16, 17);
      UPDATE t SET id = 19 WHERE n = 20;
      """
    )
    return folder
  }

  private static let place = "syncs/s.yml:7:13: the template gives no valid JSON"

  @Test func `a cron mail says why rows are rejected, and what shows them`() async throws {
    let folder = try await project()
    let quiet = await folder.run("run --quiet")
    #expect(quiet.code == .rejected)
    let lines = quiet.errors.split(separator: "\n")
    #expect(lines.count == 1, "\(quiet.errors)")
    #expect(quiet.errors.contains(Self.place), "\(quiet.errors)")
    #expect(quiet.errors.contains("(rejected 12 rows, first row 1): `sluice errors s`"))
    #expect(quiet.errors.contains("15 rejected") && quiet.errors.contains("3 invalid"))
    try SQLiteConnection(path: folder.path + "/shop.db", mode: .create).execute(
      "DELETE FROM t WHERE n < 18 OR n = 20"
    )
    let sound = await folder.run("run --quiet")
    #expect(sound.code == .done)
    #expect(sound.errors == "" && sound.output == "")
  }

  @Test func `the reasons of a run are in its JSON, in status and in runs`() async throws {
    let folder = try await project()
    let run = await folder.run("run --output json")
    let problems = try #require(Self.problems(in: run.output))
    #expect(problems.map { $0["rows"] as? Int } == [12, 3, 2, 1])
    #expect(problems.map { $0["first"] as? String } == ["1", "13", nil, "19"])
    let reasons = problems.compactMap { $0["reason"] as? String }
    #expect(reasons.first?.hasPrefix(Self.place) == true, "\(reasons)")
    // What differs from row to row is not a reason of its own.
    #expect(reasons.contains { $0.hasPrefix("the partition is beyond") }, "\(reasons)")
    for line in ["status", "runs"] {
      let text = await folder.run(line).output
      #expect(text.contains(Self.place), "\(text)")
      #expect(text.contains("12 rows, first row 1") && text.contains("`sluice errors s`"))
      let json = await folder.run(line + " --output json").output
      #expect(json.contains(#""rows":12,"first":"1""#), "\(json)")
    }
  }

  @Test func `errors groups rows by reason, with counts and first keys`() async throws {
    let folder = try await project()
    _ = await folder.run("run --quiet")
    let lines = await folder.run("errors s").output.split(separator: "\n").map(String.init)
    let heads = lines.filter { !$0.hasPrefix(" ") }
    #expect(heads.count == 4)
    #expect(heads.first?.hasPrefix("rejected: 12 rows: \(Self.place)") == true, "\(heads)")
    #expect(heads.contains { $0.hasPrefix("invalid: 2 rows: a column of the primary key is NULL") })
    #expect(heads.contains { $0.hasPrefix("invalid: 1 row: an earlier row") })
    // The place in the output is told apart from the place in the file.
    #expect(lines[1].hasPrefix("  added row 1: line 1, column "), "\(lines[1])")
    #expect(lines[1].hasSuffix(" of the output"), "\(lines[1])")
    #expect(lines.contains("  and 2 more"))
    #expect(lines.contains("  row without a key") && lines.contains("  row 19"))
    let values = await folder.run("errors s --show-values").output
    #expect(values.contains("added row 12") && !values.contains("more"))
    let json = await folder.run("errors s --output json").output
    #expect(json.contains(#""detail":"partition 1013""#), "\(json)")
  }

  @Test func `a plan groups the reasons as the run does`() async throws {
    let folder = try await project()
    let text = await folder.run("plan")
    #expect(text.code == .rejected)
    #expect(
      text.output.contains("  rejected: 12 rows, first row 1: \(Self.place)"),
      "\(text.output)"
    )
    #expect(text.output.contains("  invalid: 2 rows: a column of the primary key is NULL"))
    let plan = try #require(Self.problems(in: await folder.run("plan --output json").output))
    let run = try #require(Self.problems(in: await folder.run("run --output json").output))
    #expect(plan.map { $0["rows"] as? Int } == run.map { $0["rows"] as? Int })
    #expect(plan.map { $0["first"] as? String } == run.map { $0["first"] as? String })
    #expect(plan.map { $0["reason"] as? String } == run.map { $0["reason"] as? String })
  }

  @Test func `errors after a run that failed tells its failure, and the rows known before`()
    async throws
  {
    let folder = try await project()
    let model = "-- ---\n-- source: shop\n-- primary_key: id\n-- ---\nSELECT * FROM "
    try folder.write(model + "nowhere\n", to: "models/t.sql")
    #expect(await folder.run("run --quiet").code == .configuration)
    let first = await folder.run("errors s").output
    #expect(first.contains("the last run ended early, misconfigured: "), "\(first)")
    #expect(first.contains("no such table: nowhere"), "\(first)")
    #expect(first.contains("s: no errors in the runs before it"))
    try folder.write(model + "t ORDER BY n\n", to: "models/t.sql")
    #expect(await folder.run("run --quiet").code == .rejected)
    let known = await folder.run("errors s").output
    try folder.write(model + "nowhere\n", to: "models/t.sql")
    #expect(await folder.run("run --quiet").code == .configuration)
    let after = await folder.run("errors s").output
    #expect(after.contains("the last run ended early, misconfigured: "), "\(after)")
    #expect(after.contains("s: rows of the run of "))
    #expect(after.hasSuffix(known), "\(after)")
    let json = await folder.run("errors s --output json").output
    #expect(json.contains(#""detail":"partition 1013""#), "\(json)")
  }

  @Test func `a template that fails on data names its file, line and column`() async throws {
    let folder = try await project("{\"id\": {{ row.id | divided_by: row.p }}}")
    let run = await folder.run("run --quiet")
    #expect(run.code == .rejected)
    #expect(run.errors.contains("syncs/s.yml:8:"), "\(run.errors)")
    #expect(!run.errors.contains("the template, line"))
    try folder.write("{\n  \"id\": {{ row.id | divided_by: row.p }}\n}", to: "templates/b.liquid")
    try folder.write(
      "model: t\ntopic: t\ndestination: events\nmessage: {template_file: templates/b.liquid}\n",
      to: "syncs/f.yml"
    )
    let file = await folder.run("run f --quiet")
    #expect(file.errors.contains("templates/b.liquid:2:"), "\(file.errors)")
    try folder.write(
      "model: t\ntopic: t\ndestination: events\nmessage:\n  jmespath: \"{a: abs(data.pad)}\"\n",
      to: "syncs/j.yml"
    )
    let expression = await folder.run("run j --quiet")
    #expect(expression.errors.contains("syncs/j.yml:5:"), "\(expression.errors)")
  }

  private static func problems(in output: String) -> [[String: Any]]? {
    let document = try? JSONSerialization.jsonObject(with: Data(output.utf8))
    let syncs = (document as? [String: Any])?["syncs"] as? [[String: Any]]
    return syncs?.first?["problems"] as? [[String: Any]]
  }
}
