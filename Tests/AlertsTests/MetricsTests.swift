import Blocking
import Foundation
import Reports
import Settings
import TestSupport
import Testing

@testable import Alerts

/// Figures for Prometheus: their text, the file, and the gateway.
@Suite struct MetricsTests {
  private func sync(_ name: String, isEmpty: Bool = false) -> SyncMetrics {
    var status = StatusReport(sync: name, schedule: nil)
    if isEmpty { return SyncMetrics(status, runs: [], rules: [(.failed, nil)]) }
    status.summary = StateSummary(
      format: 6,
      bytes: 16384,
      rows: 4,
      deadRows: 0,
      segments: 1,
      preparedBatches: 2,
      isBackfilling: false
    )
    status.lastSuccess = 2_001_000
    var counts = RunCounts()
    counts.read = 9
    counts.added = 1
    counts.rejected = 3
    counts.sent = 1
    counts.sentBytes = 77
    var ended = RunRecord(id: "b", command: "run", startedAt: 5_000_000, counts: counts)
    ended.finishedAt = 6_250_000
    ended.outcome = "failed"
    let underWay = RunRecord(id: "c", command: "run", startedAt: 9_000_000)
    return SyncMetrics(
      status,
      runs: [underWay, ended],
      rules: [(.failed, .critical), (.rejected, .warning)]
    )
  }

  private func text(_ syncs: [SyncMetrics], project: String = "crm") -> String {
    MetricsText.text(MetricFamily.all(of: syncs), labels: [("project", project)])
  }

  @Test func `figures are those of the last run that ended and of the last success`() {
    let lines = text([sync("a"), sync("b", isEmpty: true)]).components(separatedBy: "\n")
    for (name, labels, value) in [
      ("last_success_timestamp_seconds", "", "2.001"), ("last_run_timestamp_seconds", "", "6.250"),
      ("last_run_duration_seconds", "", "1.250"), ("last_run_success", "", "0"),
      ("last_run_read_rows", "", "9"), ("last_run_rows", #",change="added""#, "1"),
      ("last_run_undelivered_rows", #",reason="rejected""#, "3"), ("last_run_messages", "", "1"),
      ("last_run_message_bytes", "", "77"), ("state_bytes", "", "16384"), ("state_rows", "", "4"),
      ("unfinished_batches", "", "2"), ("alert_severity", #",rule="failed""#, "2"),
      ("alert_severity", #",rule="rejected""#, "1"),
    ] {
      let line = "sluice_\(name){project=\"crm\",sync=\"a\"\(labels)} \(value)"
      #expect(lines.contains(line), "\(line)")
    }
    let others = lines.filter { $0.contains(#"sync="b""#) }
    #expect(others == [#"sluice_alert_severity{project="crm",sync="b",rule="failed"} 0"#])
  }

  /// The rules of the format: each name has one HELP and one TYPE before its lines, which follow
  /// each other, and no line comes twice.
  @Test func `the text keeps the rules of its format`() throws {
    let text = text([sync("a"), sync("b"), sync("c", isEmpty: true)])
    #expect(text.hasSuffix("\n"))
    var names: [String] = []
    var seen: Set<String> = []
    for line in text.split(separator: "\n").map(String.init) {
      #expect(seen.insert(line).inserted, "\(line)")
      if let match = line.wholeMatch(of: /# HELP ([a-z_]+) [A-Z].*\./) {
        #expect(!names.contains(String(match.1)))
        names.append(String(match.1))
      } else if let match = line.wholeMatch(of: /# TYPE ([a-z_]+) gauge/) {
        #expect(names.last == String(match.1))
      } else {
        let sample = /([a-z_]+)\{project="crm",sync="[a-c]"(,[a-z]+="[a-z]+")?\} \d+(\.\d+)?/
        let match = try #require(line.wholeMatch(of: sample), "\(line)")
        #expect(names.last == String(match.1))
      }
    }
    #expect(names.count == 13)
    // What `promtool check metrics` complains about in names.
    for name in names {
      let words = name.split(separator: "_")
      #expect(!["total", "sum", "count", "bucket", "info"].contains(words.last), "\(name)")
      #expect(Set(words).isDisjoint(with: ["gauge", "milliseconds", "ms", "kb"]), "\(name)")
    }
  }

  @Test(.enabled(if: Shell.has(promtool), "no promtool here: set PROMTOOL"))
  func `promtool finds nothing to complain about`() async throws {
    let file = try folder() + "/text"
    try Data(text([sync("a"), sync("b")], project: "c\"r\\m\n").utf8).write(to: URL(filePath: file))
    let outcome = await Shell.run("'\(Self.promtool)' check metrics < '\(file)'")
    #expect(outcome.code == 0 && outcome.output + outcome.errors == "", "\(outcome)")
  }

  @Test func `a folder with any name is a label`() {
    let line = text([sync("a", isEmpty: true)], project: "a\"b\\c\nd").components(separatedBy: "\n")
    #expect(line[2] == #"sluice_alert_severity{project="a\"b\\c\nd",sync="a",rule="failed"} 0"#)
  }

  private static let promtool = ProcessInfo.processInfo.environment["PROMTOOL"] ?? "promtool"

  private func folder() throws -> String {
    let folder = NSTemporaryDirectory() + "sluice-metrics-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }

  private func center(
    file: String? = nil,
    gateway: String? = nil,
    environment: String? = nil,
    remarks: Inbox = Inbox()
  ) -> MetricsCenter {
    let settings = MetricsSettings(textfile: file, pushgateway: gateway.map { Secret($0) })
    var center = MetricsCenter(settings, project: "crm/x", environment: environment) {
      remarks.add($0)
    }
    // Nothing here is too slow but what says so: other tests use the machine at the same time.
    (center.timeout, center.timeoutOfAll) = (.seconds(300), .seconds(3000))
    return center
  }

  @Test func `a file is replaced at once, and readable by all`() async throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/sluice.prom"
    try Data("old".utf8).write(to: URL(filePath: path))
    chmod(path, 0o600)
    // Who has the old file open continues to read the old one.
    let reader = try #require(FileHandle(forReadingAtPath: path))
    let remarks = Inbox()
    let syncs = [sync("a")]
    await center(file: path, remarks: remarks).write(changed: ["a"]) { syncs }
    #expect(reader.readDataToEndOfFile() == Data("old".utf8))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == text(syncs, project: "crm/x"))
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    #expect(mode as? Int == 0o644)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["sluice.prom"])
    #expect(remarks.all == [])
  }

  @Test func `a file that cannot be written is told, and leaves nothing behind`() async throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for path in [folder, folder + "/no/sluice.prom"] {
      let remarks = Inbox()
      await center(file: path, remarks: remarks).write(changed: []) { [] }
      #expect(remarks.all.count == 1)
      #expect(remarks.all.first?.hasPrefix("metrics cannot be written: \(path): ") == true)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
  }

  @Test func `figures are read while nobody else writes the file`() async throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/sluice.prom"
    await center(file: path).write(changed: []) {
      let other = FolderLock(around: path, before: Deadline(after: .zero))
      #expect(other == nil)
      return []
    }
    #expect(FolderLock(around: path, before: Deadline(after: .zero)) != nil)
  }

  @Test func `each sync that ran is pushed into a group of its own`() async throws {
    let inbox = Inbox()
    let server = try #require(inbox.server())
    let center = center(gateway: "http://127.0.0.1:\(server.port)/", environment: "prod")
    let syncs = [sync("a"), sync("b")]
    await center.write(changed: ["b"]) { syncs }
    #expect(inbox.all.count == 1)
    let text = try #require(inbox.all.first)
    let group = "project@base64/Y3JtL3g/environment@base64/cHJvZA/sync@base64/Yg"
    #expect(text.hasPrefix("PUT /metrics/job/sluice/\(group) HTTP/1.1\r\n"))
    #expect(text.contains("\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"))
    let body = MetricsText.text(
      MetricFamily.all(of: [syncs[1]]),
      labels: [("project", "crm/x"), ("environment", "prod")]
    )
    #expect(text.hasSuffix("\r\n\r\n" + body))
  }

  @Test func `a gateway that refuses, is gone or says nothing is told without its address`()
    async throws
  {
    let (inbox, remarks) = (Inbox(), Inbox())
    let answer = "pushed metrics are\ninvalid"
    let refusing = try #require(inbox.server("400 Bad Request", body: answer))
    let silent = try #require(StandIn { _ in nil })
    let hole = try #require(BlackHole())
    for port in [refusing.port, 1, silent.port, hole.port] {
      var center = center(gateway: "http://ada:hunter2@127.0.0.1:\(port)", remarks: remarks)
      if port != refusing.port { center.timeout = .milliseconds(200) }
      let syncs = [sync("a"), sync("b")]
      await center.write(changed: ["a", "b"]) { syncs }
    }
    let refusal = "metrics cannot be pushed: the gateway answers 400 (pushed metrics are invalid)"
    #expect(Array(remarks.all.prefix(2)) == [refusal, refusal])
    // One that does not answer is asked once, however many syncs there are.
    #expect(remarks.all.count == 5 && !remarks.all.joined().contains("hunter2"))
  }

  @Test func `a gateway that is slow does not hold a run up for every sync`() async throws {
    let remarks = Inbox()
    let server = try #require(Inbox().server())
    var center = center(gateway: "http://127.0.0.1:\(server.port)", remarks: remarks)
    center.timeoutOfAll = .zero
    let syncs = [sync("a"), sync("b")]
    await center.write(changed: ["a", "b"]) { syncs }
    #expect(remarks.all == ["metrics of 2 syncs are not pushed: the gateway is too slow"])
  }
}
