import Sync
import Foundation
import Reports
import Settings
import TestSupport
import Testing

/// What guards stop, and what it leaves behind: nothing.
@Suite struct GuardTests {
  private static func bench(_ rows: Int = 100) throws -> Bench {
    let bench = try Bench("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)")
    try insert(1...rows, bench)
    return bench
  }

  private static func insert(_ ids: ClosedRange<Int>, _ bench: Bench) throws {
    try bench.database(
      """
      INSERT INTO t WITH RECURSIVE s(v) AS (
        SELECT \(ids.lowerBound) UNION ALL SELECT v + 1 FROM s WHERE v < \(ids.upperBound))
      SELECT v, 'row ' || v FROM s
      """
    )
  }

  /// Rows of the snapshot, dead rows and prepared batches.
  private func remembered(_ bench: Bench) async -> [Int] {
    let summary = await StateReader(bench.location).status(schedule: nil).summary
    return summary.map { [$0.rows, $0.deadRows, $0.preparedBatches] } ?? [0, 0, 0]
  }

  private func isBackfilling(_ bench: Bench) async -> Bool? {
    await StateReader(bench.location).status(schedule: nil).summary?.isBackfilling
  }

  /// The run is stopped by `guards`, sends nothing and leaves the snapshot; its plan, too.
  @discardableResult
  private func expectStop(
    _ bench: Bench,
    _ guards: [Guard],
    _ options: RunOptions = RunOptions()
  ) async throws -> RunError? {
    _ = bench.arrivals()
    let before = await remembered(bench)
    let report = await bench.run(options)
    #expect(report.outcome == .stoppedByGuard)
    #expect(report.error?.guards.map(\.name) == guards)
    #expect(report.counts.sent == 0)
    #expect(bench.arrivals() == [])
    #expect(await remembered(bench) == before)
    for name in guards {
      #expect(report.error?.hint?.contains("--allow \(name.rawValue)") == true)
    }
    return report.error
  }

  @Test func `a table that was truncated by mistake is stopped, and sent if that is allowed`()
    async throws
  {
    let bench = try Self.bench()
    await bench.run()
    try bench.database("DELETE FROM t")
    let error = try await expectStop(bench, [.maxRemoved])
    #expect(
      error?.message
        == "the result is empty: all 100 rows would be removed (1, 2, 3, …); nothing was sent"
    )
    #expect(
      error?.hint == "look first: `sluice plan s` shows the changes; if they are right: "
        + "`sluice run s --allow max_removed`"
    )
    #expect(await bench.run(RunOptions(allowedGuards: [.maxRemoved])).counts.removed == 100)
    #expect(bench.arrivals().count == 100)
  }

  @Test func `in Postgres, a truncated table and half a result are stopped, too`() async throws {
    let postgres = try PostgresBench(
      "CREATE TABLE t (id int PRIMARY KEY, a text);"
        + "INSERT INTO t SELECT n, 'x' FROM generate_series(1, 200) n"
    )
    await postgres.run("SELECT * FROM t WHERE id > 0 ORDER BY id")
    _ = postgres.bench.arrivals()
    let half = await postgres.run("SELECT * FROM t WHERE id > 101 ORDER BY id")
    #expect(half.outcome == .stoppedByGuard)
    #expect(
      half.error?.message.contains("101 of 200 rows would be removed, more than 50 %") == true
    )
    postgres.sql("TRUNCATE t")
    let empty = await postgres.run("SELECT * FROM t ORDER BY id")
    #expect(empty.error?.guards.first?.examples == ["1", "2", "3"])
    #expect(postgres.bench.arrivals() == [])
    let allowed = RunOptions(allowedGuards: [.maxRemoved])
    #expect(await postgres.bench.run(allowed, source: postgres.source).counts.sent == 200)
  }

  @Test func `rows changed by a bad UPDATE are stopped, also if their trigger is not selected`()
    async throws
  {
    let bench = try Self.bench()
    bench.sync.guards[.maxChanged] = .percent(10)
    bench.sync.changed.isSelected = false
    await bench.run()
    try bench.database("UPDATE t SET a = 'oops' WHERE id > 10")
    let error = try await expectStop(bench, [.maxChanged])
    #expect(error?.guards.first?.rows == 90)
    #expect(error?.guards.first?.examples == ["11", "12", "13"])
    // Corrected in the source, there is nothing to be sent.
    try bench.database("UPDATE t SET a = 'row ' || id")
    #expect(await bench.run().counts.unchanged == 100)
    try bench.database("UPDATE t SET a = 'new' WHERE id <= 10")
    #expect(await bench.run().outcome == .done)
  }

  @Test func `a row whose change is taken back is neither counted nor an example`() async throws {
    let bench = try Self.bench(3)
    bench.sync.guards[.maxChanged] = .count(0)
    await bench.run()
    bench.sql = "SELECT id, 'x' AS a FROM t WHERE id < 3 UNION ALL SELECT * FROM t WHERE id = 1"
    bench.sync.guards[.maxRemoved] = .unbounded
    let error = try await expectStop(bench, [.maxChanged])
    #expect(error?.guards.first?.examples == ["2"])
  }

  @Test func `several guards are told at once, and each must be allowed`() async throws {
    let bench = try Self.bench()
    bench.sync.guards[.maxRemoved] = .percent(1)
    bench.sync.guards[.maxChanged] = .count(1)
    bench.sync.guards[.minRows] = .count(90)
    await bench.run()
    try bench.database("DELETE FROM t WHERE id <= 50; UPDATE t SET a = 'x' WHERE id > 98")
    let error = try await expectStop(bench, [.maxRemoved, .maxChanged, .minRows])
    #expect(error?.message.hasPrefix("50 of 100 rows would be removed") == true)
    #expect(
      error?.hint?.hasSuffix(
        "`sluice run s --allow max_removed --allow max_changed --allow min_rows`"
      ) == true
    )
    try await expectStop(bench, [.minRows], RunOptions(allowedGuards: [.maxRemoved, .maxChanged]))
    let all = RunOptions(allowedGuards: Set(Guard.allCases))
    #expect(await bench.run(all).counts.sent == 52)
  }

  @Test func `a plan that a guard stops shows samples of every kind`() async throws {
    let bench = try Self.bench()
    await bench.run()
    bench.sync.guards[.maxAdded] = .count(0)
    try bench.database("DELETE FROM t WHERE id = 1; UPDATE t SET a = 'x' WHERE id = 50")
    try Self.insert(101...106, bench)
    let plan = await PlanRun(of: bench.makeRun(), scratchPath: bench.directory + "/p.db").execute()
    #expect(plan.outcome == .stoppedByGuard)
    #expect(plan.messages == 0 && !plan.hasMessages)
    #expect(plan.counts.added == 6 && plan.counts.changed == 1 && plan.counts.removed == 1)
    #expect(plan.samples.map { $0.row } == ["1", "50", "101", "102", "103"])
    #expect(plan.samples.allSatisfy { $0.message != nil })
    #expect(plan.samples.dropFirst().first?.columns.first?.old == #""row 50""#)
  }

  // MARK: - First runs and backfills

  @Test func `a first run over max_added sends nothing, and allowed the same in the same order`()
    async throws
  {
    let bench = try Self.bench(25)
    bench.sync.guards[.maxAdded] = .count(24)
    try await expectStop(bench, [.maxAdded])
    await bench.run(RunOptions(allowedGuards: [.maxAdded]))
    let streamed = bench.arrivals()
    #expect(streamed == (1...25).map { "added \($0)" })
    let other = try Self.bench(25)
    other.sync.guards[.maxAdded] = .count(25)
    #expect(await other.run().outcome == .done)
    #expect(other.arrivals() == streamed)
  }

  @Test func `a percentage does not stop a first run: nobody knows how many rows are usual`()
    async throws
  {
    let bench = try Self.bench(25)
    bench.sync.guards[.maxAdded] = .percent(10)
    bench.sync.guards[.minRows] = .percent(90)
    bench.sync.guards[.maxRejected] = .percent(0)
    #expect(await bench.run(RunOptions(limit: 3)).counts.sent == 3)
    #expect(await bench.run().counts.sent == 22)
    try Self.insert(26...28, bench)
    try await expectStop(bench, [.maxAdded])
  }

  @Test(arguments: [DeliveryGuarantee.atLeastOnce, .exactlyOnce])
  func `a backfill of too few rows is stopped and leaves no trace`(
    delivery: DeliveryGuarantee
  ) async throws {
    let bench = try Self.bench(10)
    bench.sync.delivery = delivery
    bench.sync.guards[.minRows] = .count(8)
    await bench.run()
    try bench.database("DELETE FROM t WHERE id > 5")
    let error = try await expectStop(bench, [.minRows], RunOptions(command: .backfill))
    #expect(error?.hint?.contains("`sluice backfill s --allow min_rows`") == true)
    #expect(await isBackfilling(bench) == false)
    let allowed = RunOptions(command: .backfill, allowedGuards: [.minRows])
    #expect(await bench.run(allowed).counts.sent == 5)
    #expect(bench.arrivals() == (1...5).map { "added \($0)" })
    // What is gone is left to the next run.
    let next = await bench.run(RunOptions(allowedGuards: [.minRows]))
    #expect(next.counts.removed == 5)
  }

  @Test func `max_added counts the new rows of a backfill, not those that are sent again`()
    async throws
  {
    let bench = try Self.bench(10)
    bench.sync.guards[.maxAdded] = .count(2)
    await bench.run(RunOptions(allowedGuards: [.maxAdded]))
    try Self.insert(11...12, bench)
    _ = bench.arrivals()
    #expect(await bench.run(RunOptions(command: .backfill)).counts.sent == 12)
    try Self.insert(13...15, bench)
    let error = try await expectStop(bench, [.maxAdded], RunOptions(command: .backfill))
    #expect(error?.guards.first?.examples == ["13", "14", "15"])
  }

  @Test(arguments: [DeliveryGuarantee.atLeastOnce, .exactlyOnce])
  func `a judged backfill that was killed at any call is finished by the next, moves included`(
    delivery: DeliveryGuarantee
  ) async throws {
    var points = 0
    for failing in 1...40 {
      let bench = try Self.bench(6)
      bench.sync.delivery = delivery
      bench.sync.onMove = .tombstone
      bench.sync.nullValues = .unchecked
      bench.each { $0.key = Located(.column("a")) }
      bench.sync.guards[.minRows] = .count(1)
      await bench.run()
      try bench.database("UPDATE t SET a = 'moved' WHERE id = 4")
      bench.sink.fail(call: failing, .dieBefore)
      _ = await bench.run(RunOptions(command: .backfill))
      let calls = bench.sink.calls
      bench.sink.fail(call: nil)
      if calls < failing { break }
      points += 1
      try bench.database("UPDATE t SET a = 'row 1b' WHERE id = 1")
      #expect(await bench.run(RunOptions(command: .backfill)).outcome == .done, "call \(failing)")
      #expect(await isBackfilling(bench) == false)
      var topic: [String: String] = [:]
      for message in bench.sink.messages { topic[message.key ?? ""] = message.value }
      let keys = ["row 1b", "row 2", "row 3", "moved", "row 5", "row 6"]
      #expect(Set(topic.keys) == Set(keys), "call \(failing)")
      #expect(await bench.run().counts.sent == 0)
    }
    #expect(points >= 3)
  }

  // MARK: - Parts and silence

  @Test func `a limited run is judged by what it found, not by what it did not read`()
    async throws
  {
    let bench = try Self.bench()
    await bench.run()
    bench.sync.guards[.minRows] = .percent(90)
    bench.sync.guards[.maxRemoved] = .count(0)
    bench.sync.guards[.maxChanged] = .count(5)
    try bench.database("UPDATE t SET a = 'x'; DELETE FROM t WHERE id > 50")
    #expect(await bench.run(RunOptions(limit: 5)).counts.sent == 5)
    let error = try await expectStop(bench, [.maxChanged], RunOptions(limit: 6))
    #expect(error?.hint?.contains("sluice run s --limit 6 --allow max_changed") == true)
  }

  @Test func `what is only remembered is judged by min_rows alone`() async throws {
    let bench = try Self.bench(10)
    bench.sync.initialSync = .skip
    bench.sync.guards[.maxAdded] = .count(0)
    bench.sync.guards[.minRows] = .count(11)
    try await expectStop(bench, [.minRows])
    #expect(await bench.run(RunOptions(allowedGuards: [.minRows])).counts.remembered == 10)
    try bench.database("DELETE FROM t WHERE id > 1; UPDATE t SET a = 'x'")
    let error = try await expectStop(bench, [.minRows], RunOptions(command: .resetToCurrent))
    #expect(error?.hint?.contains("`sluice reset s --to-current --allow min_rows`") == true)
    bench.sync.guards[.minRows] = .count(1)
    #expect(await bench.run(RunOptions(command: .resetToCurrent)).outcome == .done)
    #expect(await bench.run().counts.unchanged == 1)
  }
}
