import Reports
import Settings
import State
import Testing

@testable import Sync

@Suite struct ProblemTallyTests {
  @Test func `rows are counted by reason, the most frequent first, with the first key`() {
    let tally = ProblemTally()
    tally.add(.invalid, "a") { nil }
    for key in ["7", "8"] { tally.add(.rejected, "b") { key } }
    tally.add(.failed, "a", rows: 2) { "9" }
    #expect(
      tally.groups == [
        ProblemGroup(kind: .rejected, reason: "b", rows: 2, first: "7"),
        ProblemGroup(kind: .failed, reason: "a", rows: 2, first: "9"),
        ProblemGroup(kind: .invalid, reason: "a", rows: 1, first: nil),
      ]
    )
  }

  @Test func `reasons without end are counted together`() {
    let tally = ProblemTally()
    for number in 0..<ProblemTally.reasonsMax + 500 {
      tally.add(.rejected, "reason \(number)") { "\(number)" }
    }
    #expect(tally.groups.count == ProblemTally.reasonsMax + 1)
    #expect(tally.groups.first?.reason == "other reasons")
    #expect(tally.groups.reduce(0) { $0 + $1.rows } == ProblemTally.reasonsMax + 500)
  }

  @Test func `more rows than are kept are counted exactly`() async throws {
    let bench = try Bench(
      """
      CREATE TABLE t (id, p);
      WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 3000)
      INSERT INTO t SELECT CASE WHEN n <= 1500 THEN n END, 9 FROM c;
      INSERT INTO t VALUES (5, 0), (5, 0);
      """
    )
    bench.sql = "SELECT * FROM t ORDER BY rowid"
    bench.each { $0.partition = Located(.column("p")) }
    let report = await bench.run()
    #expect(report.problems.map(\.rows) == [1500, 1500, 2])
    #expect(Set(report.problems.map(\.kind)) == [.invalid, .rejected])
    #expect(report.problems.first { $0.kind == .rejected }?.first == "1")
    let state = try await StateFile.open(path: bench.statePath, mode: .report)
    #expect(try await state.runs(limit: 1).first?.problems == report.problems)
    #expect(await Set(bench.run().problems) == Set(report.problems))
  }
}
