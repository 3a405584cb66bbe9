import CommandLineInterface
import Foundation
import SQLite
import Synchronization
import TestSupport
import Testing

/// What a stand-in was asked, from its thread.
private final class Calls: Sendable {
  private let texts = Mutex<[String]>([])

  var all: [String] { texts.withLock { $0 } }

  func add(_ text: String) { texts.withLock { $0.append(text) } }
}

/// Alerts around real runs, told by a command that writes into a file.
@Suite struct AlertCommandTests {
  private func project(_ rules: String, sync: String = "") throws -> TemporaryFolder {
    let folder = try TemporaryFolder([
      "sluice.yml": """
      sources: {shop: {type: sqlite, path: shop.db}}
      destinations: {events: {type: kafka, brokers: embedded}}
      alerts:
        channels:
          ops: {type: command, run: 'sed -e "s/.*\\"title\\":\\"//" -e "s/\\",\\"summary.*//" >> "$LOG"'}
        rules:
      \(rules)
      """,
      "models/t.sql": "-- ---\n-- primary_key: id\n-- types: {n: text}\n-- ---\nSELECT * FROM t\n",
      "syncs/a.yml": "model: t\ntopic: a\nkey: {primary_key: true}\n\(sync)\n",
      "syncs/b.yml": "model: t\ntopic: b\nkey: {primary_key: true}\ntags: [crm]\n",
    ])
    try change(folder, "CREATE TABLE t (id INTEGER, n TEXT)")
    try change(folder, "INSERT INTO t VALUES (1, 'hunter2'), (2, 'b'), (3, 'c'), (4, 'd')")
    return folder
  }

  private func change(_ folder: TemporaryFolder, _ sql: String) throws {
    try SQLiteConnection(path: folder.path + "/shop.db", mode: .create).execute(sql)
  }

  private func run(_ line: String, _ folder: TemporaryFolder) async -> Outcome {
    await folder.run(
      line,
      environment: ["PATH": "/usr/bin:/bin", "LOG": folder.path + "/told"]
    )
  }

  private func told(_ folder: TemporaryFolder) -> [String] {
    let text = (try? folder.read("told")) ?? ""
    return text.split(separator: "\n").map { line in
      // The project's name is that of its folder.
      line.replacingOccurrences(of: folder.path.components(separatedBy: "/").last ?? "", with: "P")
    }
  }

  @Test func `syncs of a source that is gone are one alert, and one recovery`() async throws {
    let folder = try project("    - {on: failed, channels: [ops]}")
    #expect(await run("run", folder).code == .done)
    #expect(told(folder) == [])
    let place = folder.path + "/shop.db"
    try FileManager.default.moveItem(atPath: place, toPath: place + ".gone")
    for _ in 0..<3 { #expect(await run("run", folder).code == .failed) }
    #expect(told(folder) == ["[critical] P: a failed"])
    let status = await run("alerts status", folder)
    #expect(status.code == .done)
    #expect(status.output.hasPrefix("[critical] failed: source shop, since "))
    #expect(status.output.contains("\n  a failed\n") && status.output.contains("\n  b failed\n"))
    #expect(status.output.contains("\n    next: sluice runs a\n"))
    try FileManager.default.moveItem(atPath: place + ".gone", toPath: place)
    #expect(await run("run a", folder).code == .done)
    #expect(told(folder).count == 1)
    #expect(await run("run b", folder).code == .done)
    #expect(told(folder).last?.hasPrefix("[resolved] P: over after ") == true)
    #expect(told(folder).count == 2)
    #expect(await run("alerts status", folder).output == "nothing is wrong\n")
  }

  @Test func `rejected rows, guards and files with errors are told without values of rows`()
    async throws
  {
    let folder = try project(
      """
          - {on: rejected, above: 1, channels: [ops]}
          - {on: guard, channels: [ops], severity: warning}
          - {on: failed, channels: [ops], syncs: [b]}
      """,
      sync: "guards: {max_removed: 1}\nmessage: {template: '{\"n\": {{ row.n | raw }}}'}"
    )
    #expect(await run("run a", folder).code == .rejected)
    #expect(told(folder) == ["[warning] P: a has 4 rows of 4 that were not delivered"])
    try change(folder, "UPDATE t SET n = '1'")
    #expect(await run("run a", folder).code == .done)
    try change(folder, "DELETE FROM t WHERE id > 1")
    #expect(await run("run a", folder).code == .stoppedByGuard)
    #expect(await run("run a --limit 1", folder).code == .done)
    try folder.write("model: [", to: "syncs/b.yml")
    #expect(await run("run", folder).code == .configuration)
    #expect(
      told(folder).suffix(2) == [
        "[warning] P: a was stopped by max_removed",
        "[critical] P: b cannot run: its configuration is wrong",
      ]
    )
    let all = await run("alerts status --output json", folder).output
    #expect(!all.contains("hunter2") && !(told(folder).joined().contains("hunter2")))
  }

  @Test func `a channel that fails does not change how a run ends`() async throws {
    let folder = try project("    - {on: rejected, channels: [ops]}")
    try folder.write(
      try folder.read("sluice.yml").replacingOccurrences(
        of: #"run: '.*'"#,
        with: "run: 'echo no room >&2; exit 7'",
        options: .regularExpression
      ),
      to: "sluice.yml"
    )
    try change(folder, "UPDATE t SET id = NULL WHERE id = 1")
    let outcome = await run("run a", folder)
    #expect(outcome.code == .rejected)
    #expect(outcome.errors.contains(" warning a: the channel ops (command) did not take an alert"))
    #expect(outcome.errors.contains("the command ended with 7: no room"))
    let check = await run("alerts check", folder)
    #expect(check.code == .done)
    #expect(check.output.contains("1 alerts wait for ops: the command ended with 7: no room"))
  }

  @Test func `a sync that has not succeeded for long is told although no run ends`() async throws {
    let folder = try project(
      "    - {on: stale, after: 1h, channels: [ops], syncs: [a]}"
    )
    #expect(await run("run", folder).code == .done)
    // The state and the alerts remember a success of the last century.
    let path = folder.path + "/state/alerts.db"
    try SQLiteConnection(path: path, mode: .readWrite)
      .execute("UPDATE sync SET last_success = 946684800000000")
    #expect(await run("alerts check --quiet", folder).output == "")
    #expect(await run("alerts check", folder).output.hasPrefix("[critical] stale: destination"))
    // Only a: no rule names b, which has no schedule.
    #expect(told(folder).count == 1)
    #expect(told(folder)[0].hasPrefix("[critical] P: a has had no successful run for "))
    #expect(await run("run a", folder).code == .done)
    #expect(told(folder).count == 2)
  }

  @Test func `a test message tries channels, and an unknown one is suggested`() async throws {
    let folder = try project("    - {on: failed, channels: [ops]}")
    let outcome = await run("alerts test", folder)
    #expect(outcome.code == .done)
    #expect(outcome.output == "ops (command): took the message\n")
    #expect(told(folder) == ["[test] P: sluice is able to reach this channel"])
    let unknown = await run("alerts test osp", folder)
    #expect(unknown.code == .usage)
    #expect(unknown.errors.contains("unknown channel 'osp'; did you mean 'ops'?"))
  }

  @Test func `a project without alerts makes no file of alerts`() async throws {
    let folder = try TemporaryFolder()
    #expect(await folder.run("init --quiet").code == .done)
    #expect(await folder.run("run").code == .done)
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/state/alerts.db"))
    #expect(await folder.run("alerts status").code == .configuration)
  }

  @Test func `a run calls its heartbeat when it begins and ends, and a trial does not`()
    async throws
  {
    let calls = Calls()
    let server = try #require(
      StandIn { request in
        calls.add(request.components(separatedBy: " HTTP/1.1")[0])
        return "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
      }
    )
    let folder = try project(
      "    - {on: failed, channels: [ops]}\n"
        + "  heartbeat: {url: 'http://127.0.0.1:\(server.port)/{sync}'}"
    )
    #expect(await run("run a --limit 1", folder).code == .done)
    #expect(await run("plan a", folder).code == .done)
    #expect(calls.all == [])
    #expect(await run("run a", folder).code == .done)
    #expect(calls.all == ["POST /a/start", "POST /a"])
    try change(folder, "DROP TABLE t")
    #expect(await run("run a", folder).code == .configuration)
    #expect(calls.all.suffix(2) == ["POST /a/start", "POST /a/78"])
    try folder.write("model: [", to: "syncs/b.yml")
    #expect(await run("run b", folder).code == .configuration)
    #expect(calls.all.last == "POST /b/78")
  }

  @Test func `figures of all syncs are written when runs have ended`() async throws {
    let folder = try project("    - {on: failed, channels: [ops]}\nmetrics: {textfile: x.prom}")
    let labels = "{project=\"\(folder.path.components(separatedBy: "/").last ?? "")\",sync="
    #expect(await run("run a --limit 1", folder).code == .done)
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/x.prom"))
    #expect(await run("run a", folder).code == .done)
    let text = try folder.read("x.prom")
    for line in [
      "last_run_success\(labels)\"a\"} 1\n", "state_rows\(labels)\"a\"} 4\n",
      "alert_severity\(labels)\"b\",rule=\"failed\"} 0\n",
    ] { #expect(text.contains("sluice_" + line), "\(text)") }
    let success = try #require(
      text.split(separator: "\n").first { $0.hasPrefix("sluice_last_success_timestamp_seconds") }
    )
    try change(folder, "DROP TABLE t")
    try folder.write("model: [", to: "syncs/b.yml")
    #expect(await run("run", folder).code == .configuration)
    let later = try folder.read("x.prom")
    for line in [
      "last_run_success\(labels)\"a\"} 0\n", "alert_severity\(labels)\"b\",rule=\"failed\"} 2\n",
    ] { #expect(later.contains("sluice_" + line), "\(later)") }
    #expect(later.contains(success))
  }

  @Test func `the last success is known however many runs failed since`() async throws {
    let folder = try project(
      "    - {on: failed, channels: [ops]}\nhistory: {runs: 1}\nmetrics: {textfile: x.prom}"
    )
    #expect(await run("run a", folder).code == .done)
    try change(folder, "ALTER TABLE t RENAME TO u")
    for _ in 0..<3 { #expect(await run("run a", folder).code == .configuration) }
    #expect(try folder.read("x.prom").contains("sluice_last_success_timestamp_seconds"))
    let status = await run("status --output json", folder).output
    #expect(status.contains(#""last_success_at":"2"#) && status.contains(#""misconfigured""#))
    #expect(await run("runs a --output json", folder).output.contains(#""misconfigured""#))
  }

  @Test func `checking for staleness writes what rules say now`() async throws {
    let folder = try project(
      "    - {on: stale, after: 1h, channels: [ops], syncs: [a]}\nmetrics: {textfile: x.prom}"
    )
    #expect(await run("run a", folder).code == .done)
    #expect(try folder.read("x.prom").contains("rule=\"stale\"} 0\n"))
    try SQLiteConnection(path: folder.path + "/state/alerts.db", mode: .readWrite)
      .execute("UPDATE sync SET last_success = 946684800000000")
    #expect(await run("alerts check --quiet", folder).code == .done)
    #expect(try folder.read("x.prom").contains("rule=\"stale\"} 2\n"))
  }

  @Test func `a secret of a channel comes from a program, for commands that may tell somebody`()
    async throws
  {
    let folder = try project("    - {on: failed, channels: [hook, ops]}")
    let calls = Calls()
    let server = try #require(
      StandIn { request in
        calls.add(request.components(separatedBy: " HTTP/1.1")[0])
        return "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
      }
    )
    let address = "http://127.0.0.1:\(server.port)/hunter2-hunter2"
    let hook = #"  channels:\n    hook: {type: webhook, url: "${command:sh ./secret}"}"#
    let text = try folder.read("sluice.yml").replacingOccurrences(
      of: "  channels:",
      with: hook.replacingOccurrences(of: "\\n", with: "\n")
    )
    try folder.write(text, to: "sluice.yml")
    try folder.write("echo call >> calls; exit 1", to: "secret")
    for line in ["check", "status", "plan", "alerts status", "crontab", "runs"] {
      #expect(await run(line, folder).code == .done, "\(line)")
    }
    #expect((try? folder.read("calls")) == nil)
    // A program that fails keeps no run from its rows, and what is to be told waits.
    let limited = await run("run a", folder)
    #expect(limited.code == .done, "\(limited.errors)")
    #expect(limited.errors.contains("warning: the command 'sh' failed (code 1)"))
    try change(folder, "ALTER TABLE t RENAME TO u")
    // A process asks once: another one would ask again.
    let failed = await run("run a", folder)
    #expect(failed.errors.contains("the channel hook (webhook) did not take an alert"))
    #expect(failed.errors.contains("the command sh gave no secret"), "\(failed.errors)")
    #expect(told(folder).count == 1)
    let sluice = try #require(Shell.program("sluice"))
    try folder.write("echo call >> calls; echo \(address)", to: "secret")
    let test = await Shell.run(
      "cd '\(folder.path)'; '\(sluice)' alerts test hook && '\(sluice)' alerts check --log-level trace"
    )
    #expect(test.code == 0, "\(test)")
    #expect(calls.all == ["POST /hunter2-hunter2", "POST /hunter2-hunter2"])
    #expect(!(test.output + test.errors).contains("hunter2"))
  }

  @Test func `shells complete the names of channels`() async throws {
    let folder = try project("    - {on: failed, channels: [ops]}")
    let script = await folder.run("completions bash").output
    try folder.write(script, to: "completions")
    let call = """
      cd \(folder.path); source completions
      COMP_WORDS=(sluice alerts test ''); COMP_CWORD=3; _sluice; echo "${COMPREPLY[@]}"
      """
    #expect(await Shell.run(call).output == "ops\n")
  }
}
