import Reports
import Settings
import Testing
import Values

@Suite struct ReportDocumentTests {
  private func keys(_ value: Value?) -> [String] {
    guard case .object(let object)? = value else { return [] }
    return object.keys
  }

  private let run = RunReport(
    sync: "s",
    runID: "run_1",
    startedAt: 0,
    finishedAt: 1_769_850_000_123_456,
    outcome: .done
  )

  @Test func `a command that failed reports the same members as one that did not`() {
    let error = RunError(.failed, "no", kind: .system)
    let failed = ReportDocument(SyncList<RunReport>(), error: error).json
    let done = ReportDocument(SyncList([run])).json
    #expect(keys(failed) == ["schema", "syncs", "error", "diagnostics"])
    #expect(keys(failed) == keys(done))
    let records: [(any CommandReport, any CommandReport)] = [
      (InspectReport(), InspectReport(sync: "s", row: "1")),
      (
        ErrorsReport(),
        ErrorsReport(sync: "s", run: RunRecord(id: "run_1", command: "run", startedAt: 0))
      ),
      (ProjectReport(), ProjectReport(directory: "d", sync: "s", files: ["f"])),
      (CrontabReport(), CrontabReport(directory: "d", lines: [], isInstalled: true)),
      (CheckReport(), CheckReport(isOK: true, syncs: ["s"], checks: [])),
    ]
    for (empty, full) in records { #expect(empty.members.map(\.0) == full.members.map(\.0)) }
  }

  @Test func `what is not known is null or an empty list, never left out`() {
    for (name, value) in InspectReport().members + StateReport().members + MessagesReport().members
    {
      switch value {
      case .null: break
      case .array(let items): #expect(items.isEmpty, "\(name)")
      case .object(let object): #expect(object.isEmpty, "\(name)")
      default: Issue.record("\(name) is made up")
      }
    }
  }

  @Test func `a run looks the same in every report`() {
    let record = RunRecord(id: "run_1", command: "run", startedAt: 0)
    #expect(keys(record.json) == keys(run.json))
    #expect(record.json.jsonText.contains(#""outcome":"interrupted""#))
    #expect(run.json.jsonText.contains(#""finished_at":"2026-01-31T09:00:00.123Z""#))
  }

  @Test func `a message that was not sent has the members of one that was`() {
    var report = MessagesReport()
    let row = UndeliveredRow(kind: .rejected, change: nil, row: nil, reason: "r", detail: "d")
    let message = MessageRecord(
      time: 0,
      change: .added,
      row: "1",
      topic: "t",
      partition: 0,
      offset: nil,
      key: nil,
      eventID: "e",
      headers: "{}",
      value: nil,
      valueSize: nil
    )
    report.messages = [.sent(message), .unsent(row)]
    guard case .array(let messages)? = report.members.first(where: { $0.0 == "messages" })?.1
    else { return #expect(Bool(false), "there are no messages") }
    #expect(keys(messages.first) == keys(messages.last))
    #expect(messages.last?.jsonText.contains(#""reason":"r (d)""#) == true)
  }

  @Test func `counts of an earlier Sluice are read as far as they go`() {
    var counts = RunCounts()
    counts.sent = 3
    #expect(RunCounts(json: counts.json.jsonText) == counts)
    #expect(RunCounts(json: #"{"sent":3,"unheard_of":1}"#) == counts)
    #expect(RunCounts(json: "[]") == nil)
  }

  @Test func `rows of a run that was killed are grouped by reason, most rows first`() {
    let rows = ["a", "b", "b"].map {
      UndeliveredRow(kind: .rejected, change: .added, row: $0 + "1", reason: $0, detail: nil)
    }
    let killed = RunRecord(id: "r", command: "run", startedAt: 0)
    let report = ErrorsReport(sync: "s", run: killed, rows: rows)
    #expect(report.problems.map(\.reason) == ["b", "a"])
    #expect(report.problems.map(\.rows) == [2, 1])
    #expect(report.problems.map(\.first) == ["b1", "a1"])
  }

  @Test(arguments: [
    (Int64(0), "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
    (1_769_850_000_123, "2026-01-31T09:00:00.123Z"),
    (253_402_300_800_000, "10000-01-01T00:00:00.000Z"),
  ]) func `time is written in UTC`(_ milliseconds: Int64, _ text: String) {
    #expect(ReportTime.utc(milliseconds: milliseconds) == text)
  }
}

@Suite struct StoredErrorTests {
  @Test(arguments: [
    RunError(.failed, "source db: no answer", kind: .sourceUnreachable),
    RunError(.failed, "alone", kind: nil), RunError(.failed, "SL0000 is not a code", kind: nil),
  ]) func `a code was lost or made up when a run's error was kept`(error: RunError) {
    let read = RunError(stored: error.stored)
    #expect(read.kind == error.kind)
    #expect(read.message == error.message)
  }
}
