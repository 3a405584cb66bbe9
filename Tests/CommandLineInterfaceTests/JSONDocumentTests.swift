import Arguments
import CommandLineInterface
import Foundation
import SQLite
import TestSupport
import Testing

/// Documents of all commands, in sound projects and broken ones, against `docs/cli-json.md`.
@Suite struct JSONDocumentTests {
  private let contract: JSONContract

  init() throws {
    contract = try JSONContract()
  }

  /// Runs `line` and compares its document; `command` is the heading of its table.
  @discardableResult
  private func run(
    _ line: String,
    as command: String? = nil,
    in folder: TemporaryFolder,
    environment: [String: String] = [:]
  ) async -> Outcome {
    let outcome = await folder.run(line + " --output json", environment: environment)
    let words = line.split(separator: " ").prefix { !$0.hasPrefix("-") }.joined(separator: " ")
    let known = CommandLineInterface.table.commands.map(\.name).filter { words.hasPrefix($0) }
    let name = command ?? known.max { $0.count < $1.count } ?? "help"
    contract.examine(outcome.output, of: name, line)
    return outcome
  }

  /// Rows of which some are rejected, some invalid, and one moves to another topic.
  private func project() throws -> TemporaryFolder {
    let folder = try TemporaryFolder([
      "sluice.yml": """
      sources: {shop: {type: sqlite, path: shop.db}}
      destinations: {events: {type: kafka, brokers: embedded}}
      alerts:
        channels: {ops: {type: command, run: exit 1}}
        rules: [{on: guard, channels: [ops]}]
      """,
      "models/t.sql":
        """
      -- ---
      -- primary_key: id
      -- types: {n: text}
      -- tests: [{expression: "pad <> '3'", severity: warn}]
      -- ---
      SELECT * FROM t ORDER BY n
      """,
      "syncs/s.yml": """
      model: t
      topic: "t{{ row.p }}"
      key: {primary_key: true}
      on_move: tombstone
      guards: {min_rows: 1}
      schedule: "*/5 * * * *"
      message: {template: '{"id": {{ row.id }}, "pad": {{ row.pad | raw }}}'}
      """,
      "sluice.other.yml": "timezone: UTC",
      "syncs/s.test.yml": """
      - {name: right, change: added, row: {id: 1, pad: '1', p: 0}, expect: {key: "1"}}
      - {name: wrong, change: added, row: {id: 1, pad: '1', p: 0}, expect: {key: "2"}}
      - {name: none, change: added, row: {id: 1, pad: '1', p: 0}}
      - {name: lacking, change: added, row: {id: 1}, expect: {key: "2"}}
      """,
    ])
    try change(
      folder,
      """
      CREATE TABLE t (n INTEGER PRIMARY KEY, id INTEGER, pad TEXT, p INTEGER);
      INSERT INTO t VALUES (1, 1, '"open', 0), (2, NULL, '2', 0), (3, 3, '3', 0), (4, 4, '4', 0),
        (5, 5, '5', 0);
      """
    )
    return folder
  }

  private func change(_ folder: TemporaryFolder, _ sql: String) throws {
    try SQLiteConnection(path: folder.path + "/shop.db", mode: .create).execute(sql)
  }

  @Test func `every document has the members of its table, and every member of a table occurs`()
    async throws
  {
    try await examineProject()
    try await examineFailures()
    try await examineBrokenFiles()
    let folder = try TemporaryFolder()
    for line in ["version", "help", "help run", "help --man", "completions bash", "schema model"] {
      await run(line, in: folder)
    }
    await run("run --help", as: "help", in: folder)
    await run("--version", as: "version", in: folder)
    #expect(contract.faults == [])
    #expect(contract.unseen == [], "documented, but never there")
  }

  @Test func `every command has a table`() {
    for command in CommandLineInterface.table.commands.map(\.name) {
      #expect(contract.documents[command] != nil, "\(command)")
    }
  }

  private func examineProject() async throws {
    let folder = try project()
    await run("check", in: folder)
    await run("plan", in: folder)
    await run("plan --redact", in: folder)
    try await examineComparison(folder)
    for line in [
      "plan --save p.plan --hold 1h", "plan show p.plan", "run", "plan drop p.plan",
      "plan s --save p.plan", "apply p.plan", "apply p.plan",
    ] {
      #expect(await run(line, in: folder).code != .done || line.contains("drop"), "\(line)")
    }
    await run("reset s --yes", in: folder)
    #expect(await run("run", in: folder).code == .rejected)
    try change(folder, "UPDATE t SET p = 1 WHERE n = 3; UPDATE t SET pad = '\"x' WHERE n = 4")
    #expect(await run("plan s", in: folder).code == .rejected)
    await run("inspect s --key 3", in: folder)
    await run("inspect s --key 99", in: folder)
    #expect(await run("run", in: folder).code == .rejected)
    for line in [
      "status", "runs", "errors s", "errors s --show-values", "errors s --runs 5", "messages s",
      "state backup s copy.db", "state restore s copy.db", "state restore s copy.db --yes",
      "state compact",
      "messages s --show-values", "state info s", "check --connect",
      "check --connect --env other", "test",
      "render --template {{row.pad}} --model t", "crontab", "schedule --systemd", "doctor",
      "doctor --env other", "dbt exposures",
      "recover s --adopt", "backfill s",
    ] {
      await run(line, in: folder)
    }
    await run("reset s --yes --to-current", as: "reset --to-current", in: folder)
    try folder.write("#!/bin/sh\n[ \"$1\" = - ] && cat > /dev/null; exit 0\n", to: "bin/crontab")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755],
      ofItemAtPath: folder.path + "/bin/crontab"
    )
    let environment = ["PATH": "\(folder.path)/bin:/usr/bin:/bin"]
    await run("crontab --install", in: folder, environment: environment)
    await run("schedule --systemd --write bin", in: folder)
    try change(folder, "DELETE FROM t")
    #expect(await run("run", in: folder).code == .stoppedByGuard)
    #expect(await run("plan", in: folder).code == .stoppedByGuard)
    for line in ["alerts status", "alerts check", "alerts test"] { await run(line, in: folder) }
    try change(folder, "DROP TABLE t")
    // The query fails: a check with a code.
    await run("check --connect", in: folder)
    #expect(await run("run", in: folder).code == .configuration)
    #expect(await run("plan", in: folder).code == .configuration)
    await run("inspect s", in: folder)
    await run("status", in: folder)
    // The last run ended before it had judged any row.
    await run("errors s", in: folder)
    // Two columns that the message needs are gone.
    try change(folder, "CREATE TABLE t (n INTEGER PRIMARY KEY, id INTEGER, pat TEXT)")
    #expect(await run("run", in: folder).code == .configuration)
    try folder.write("not a database", to: "state/s.db")
    #expect(await run("state restore s copy.db --yes", in: folder).code == .done)
    await run("reset s --yes", in: folder)
    #expect(await run("recover s --sent", in: folder).code == .failed)
  }

  /// A sync whose messages have another header than those of a revision, and rows to see it by.
  private func examineComparison(_ folder: TemporaryFolder) async throws {
    let made = await Shell.run(
      """
      cd '\(folder.path)' && git init -q . && git add sluice.yml models syncs \
      && git -c user.name=t -c user.email=t@example.com commit -qm first
      """
    )
    try #require(made.code == 0, "\(made.errors)")
    let sync = try String(contentsOfFile: folder.path + "/syncs/s.yml", encoding: .utf8)
    try folder.write(sync + "\nheaders: {source: shop}\n", to: "syncs/s.yml")
    try folder.write(#"{"id": 1, "pad": "1", "p": 0}"#, to: "rows.jsonl")
    let line = "plan --against HEAD --redact --rows rows.jsonl"
    #expect(await run(line, in: folder).code == .done)
    await run("plan --against HEAD --rows rows.jsonl", in: folder)
    try folder.write("model: t\ntopic: t\n", to: "syncs/new.yml")
    await run("plan new --against HEAD --rows rows.jsonl", in: folder)
    // No state yet.
    #expect(await run("plan s --against HEAD", in: folder).code == .failed)
    try FileManager.default.removeItem(atPath: folder.path + "/syncs/new.yml")
    try folder.write(sync, to: "syncs/s.yml")
  }

  /// Commands that fail before they find anything.
  private func examineFailures() async throws {
    let folder = try project()
    for line in CommandLineInterface.table.commands.map(\.name) where line != "help" {
      // No project, and an option that no command has.
      let empty = try TemporaryFolder()
      if !["version", "init"].contains(line) { await run(line, in: empty) }
      #expect(await run(line + " --bogus", in: folder).code == .usage, "\(line)")
    }
    for line in [
      "run nothing", "chekc", "reset s", "recover s", "messages s --run no", "errors s",
      "state info s", "state", "render body.liquid", "completions tcsh", "--quiet",
      "run --output json", "new x", "init --table t", "crontab --install --remove",
    ] {
      #expect(await run(line, in: folder).code != .done, "\(line)")
    }
    let place = try TemporaryFolder()
    await run("init", in: place)
    await run("new orders --table customers", in: place)
    #expect(await run("init", in: place).code == .failed)
    try FileManager.default.createDirectory(
      atPath: folder.path + "/state/s.db",
      withIntermediateDirectories: true
    )
    for line in ["status", "runs", "errors s", "reset s --yes", "run", "state compact"] {
      #expect(await run(line, in: folder).code == .failed, "\(line)")
    }
    #expect(await run("doctor", in: folder).output.contains("\"problem\":\""))
  }

  private func examineBrokenFiles() async throws {
    let folder = try project()
    try folder.write("model: t\ntopic: a\ntopic: b\nkey: {primary_key: true}\n", to: "syncs/u.yml")
    for line in ["check", "run", "plan", "status", "crontab", "run u", "inspect u"] {
      #expect(await run(line, in: folder).code == .configuration, "\(line)")
    }
    try folder.write("sources: [", to: "sluice.yml")
    for line in [
      "check", "run", "plan", "status", "crontab", "inspect s", "runs", "recover s --sent",
    ] {
      let outcome = await run(line, in: folder)
      #expect(outcome.code == .configuration, "\(line)")
      #expect(outcome.output.contains(#""file":"sluice.yml","line":1"#), "\(line)")
    }
    try folder.write("{% if %}", to: "body.liquid")
    try folder.write("{}", to: "row.json")
    #expect(await run("render body.liquid --data row.json", in: folder).code == .configuration)
    try folder.write("{{ 1 | divided_by: row.zero }}", to: "body.liquid")
    try folder.write("{\"zero\": 0}\n{\"zero\": 1}\n", to: "row.json")
    #expect(await run("render body.liquid --data row.json", in: folder).code == .failed)
  }
}
