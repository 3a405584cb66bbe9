import Sync
import Foundation
import Reports
import Settings
import Testing

@Suite struct PlanTests {
  let bench: Bench

  init() throws {
    bench = try Bench(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (1, 'x'), (2, 'y')"
    )
  }

  private func plan() async -> PlanReport {
    await PlanRun(of: bench.makeRun(), scratchPath: bench.directory + "/plan.db").execute()
  }

  @Test func `a plan shows what a run would send, and does nothing of it`() async throws {
    await bench.run()
    _ = bench.arrivals()
    try bench.database("UPDATE t SET a = 'z' WHERE id = 1; DELETE FROM t WHERE id = 2")
    let before = try Data(contentsOf: URL(fileURLWithPath: bench.statePath))
    let report = await plan()
    #expect(report.counts.changed == 1)
    #expect(report.counts.removed == 1)
    #expect(report.hasMessages)
    #expect(report.samples.map(\.change) == [.removed, .changed])
    #expect(report.samples.last?.columns.last?.old == #""x""#)
    #expect(report.samples.last?.message?.value == #"{"id":1,"a":"z"}"#)
    #expect(bench.arrivals() == [])
    #expect(try Data(contentsOf: URL(fileURLWithPath: bench.statePath)) == before)
    await bench.run()
    #expect(bench.arrivals() == ["removed 2", "changed 1"])
  }

  @Test func `without a state a plan leaves none behind`() async {
    let report = await plan()
    #expect(report.counts.added == 2)
    #expect(!FileManager.default.fileExists(atPath: bench.statePath))
  }

  @Test func `a plan ends as the run would`() async throws {
    await bench.run()
    try bench.database("DELETE FROM t")
    #expect(await plan().outcome == .stoppedByGuard)
  }

  @Test func `settings that changed are named with the way to apply them`() async {
    await bench.run()
    #expect(await plan().notes == [])
    bench.each { $0.body = .columns([Located("a")]) }
    #expect(await plan().notes.first?.contains("sluice backfill s") == true)
    await bench.run()
    #expect(await plan().notes.isEmpty == false)
    await bench.run(RunOptions(command: .backfill))
    #expect(await plan().notes == [])
  }
}
