import Foundation
import Reports
import SQLite
import Testing

@testable import CommandLineInterface

@Suite struct StatusCheckTests {
  private static let minute = 60_000_000

  private func run(
    _ outcome: RunReport.Outcome?,
    at minute: Int,
    isRunning: Bool = false
  ) -> RunRecord {
    let time = minute * Self.minute
    var record = RunRecord(id: "r", command: "run", startedAt: time, outcome: outcome?.rawValue)
    if outcome != nil { record.finishedAt = time }
    record.isRunning = isRunning
    return record
  }

  private func problem(
    _ runs: [RunRecord],
    batches: Int = 0,
    isBackfilling: Bool = false,
    maxAge: Duration? = nil
  ) -> String? {
    var report = StatusReport(sync: "a", schedule: nil)
    report.lastRun = runs.first
    report.lastSuccess = runs.first(where: \.isComplete)?.finishedAt
    report.summary = StateSummary(
      format: 6,
      bytes: 1,
      rows: 1,
      deadRows: 0,
      segments: 1,
      preparedBatches: batches,
      isBackfilling: isBackfilling
    )
    return StatusCheck(maxAge: maxAge, now: 100 * Self.minute).problem(report)
  }

  @Test func `the end of the last run is judged`() {
    #expect(problem([]) == nil)
    #expect(problem([run(.done, at: 1)]) == nil)
    #expect(problem([run(.doneWithProblems, at: 1)]) == nil)
    #expect(problem([run(.failed, at: 2), run(.done, at: 1)]) == "failed")
    #expect(problem([run(.stoppedByGuard, at: 1)]) == "was stopped by a guard")
    #expect(problem([run(.misconfigured, at: 1)]) == "has a wrong configuration")
    #expect(problem([run(.interrupted, at: 1)]) == "was interrupted in its last run")
    #expect(problem([run(nil, at: 1)]) == "was killed in its last run")
    #expect(problem([run(nil, at: 1, isRunning: true)]) == nil)
  }

  @Test func `work that waits is judged, unless a run does it`() {
    #expect(problem([run(.done, at: 1)], batches: 3) == "has 3 batches to send")
    #expect(problem([run(.done, at: 1)], isBackfilling: true) == "has an unfinished backfill")
    let running = run(nil, at: 1, isRunning: true)
    #expect(problem([running], batches: 3, isBackfilling: true) == nil)
  }

  @Test func `the age of the last success is judged, also while a run is under way`() {
    let limit = Duration.seconds(900)
    #expect(problem([run(.done, at: 85)], maxAge: limit) == nil)
    #expect(problem([run(.done, at: 84)], maxAge: limit) == "succeeded last 16 min 0 s ago")
    let running = run(nil, at: 99, isRunning: true)
    #expect(problem([running, run(.done, at: 90)], maxAge: limit) == nil)
    #expect(problem([running, run(.failed, at: 90)], maxAge: limit) == "has no run that succeeded")
    #expect(problem([], maxAge: limit) == "has no run that succeeded")
  }

  @Test func `a check is one line, ends with 1 and writes nothing`() async throws {
    let folder = try TemporaryFolder()
    #expect(await folder.run("init --quiet").code == .done)
    let before = await folder.run("status --check")
    #expect(before.code == .done)
    #expect(before.output == "OK: 1 syncs\n")
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/state"))
    let never = await folder.run("status --check --max-age 15m")
    #expect(never.code == .failed)
    #expect(never.output == "CRITICAL: 1 of 1 syncs: customers has no run that succeeded\n")
    #expect(await folder.run("run --quiet").code == .done)
    #expect(await folder.run("status --check --max-age 15m").output == "OK: 1 syncs\n")
    try SQLiteConnection(path: folder.path + "/state/customers.db", mode: .readWrite)
      .execute("UPDATE run SET finished_at = finished_at - 3600000000")
    let stale = await folder.run("status --check --max-age 15m")
    #expect(stale.code == .failed)
    #expect(stale.output == "CRITICAL: 1 of 1 syncs: customers succeeded last 1 h 0 min ago\n")
    #expect(await folder.run("status --check --max-age 2h").code == .done)
    #expect(await folder.run("status --max-age 2h").code == .usage)
    let json = await folder.run("status --check --max-age 15m --output json")
    #expect(json.code == .failed)
    #expect(json.output.hasPrefix(#"{"schema":2,"syncs":[{"sync":"customers""#))
  }
}
