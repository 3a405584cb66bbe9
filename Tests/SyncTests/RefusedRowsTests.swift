import Sync
import Foundation
import Reports
import Settings
import State
import Synchronization
import TestSupport
import Testing

/// Rows that the destination refuses, however many they are, in both deliveries.
@Suite struct RefusedRowsTests {
  private static func bench(_ delivery: DeliveryGuarantee, rows: Int = 1000) throws -> Bench {
    let bench = try Bench(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, a);
      INSERT INTO t WITH RECURSIVE s(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM s WHERE v < \(rows))
      SELECT v, 'x' FROM s;
      """
    )
    bench.sync.delivery = delivery
    return bench
  }

  private static func keys(_ numbers: some Sequence<Int>) -> Set<String> {
    Set(numbers.map(String.init))
  }

  @Test(
    arguments: [.exactlyOnce, .atLeastOnce] as [DeliveryGuarantee],
    [1, 3, 5, 20, 100, 200]
  )
  func
    `any number of refused rows is rejected, the others are delivered once, and all once corrected`(
      delivery: DeliveryGuarantee,
      count: Int
    ) async throws
  {
    let bench = try Self.bench(delivery, rows: 200)
    let refused = Array(stride(from: 1, through: 200, by: 200 / count).prefix(count))
    bench.sink.answer(.refuseRequest(keys: Self.keys(refused)))
    for _ in 0..<2 {
      let report = await bench.run()
      #expect(report.outcome == .doneWithProblems)
      #expect(report.counts.rejected == count)
      #expect(bench.sink.messages.count == 200 - count)
    }
    // Half of them is corrected.
    let rest = Array(refused.suffix(count / 2))
    bench.sink.answer(.refuseRequest(keys: Self.keys(rest)))
    #expect(await bench.run().counts.rejected == rest.count)
    bench.sink.answer()
    #expect(await bench.run().counts.sent == rest.count)
    #expect(await bench.run().counts.sent == 0)
    try bench.expectEverythingOnce("")
  }

  @Test func `refused rows cost no transaction each`() async throws {
    let bench = try Self.bench(.exactlyOnce)
    bench.sink.answer(.refuseRequest(keys: Self.keys([17, 500, 983])))
    await bench.run()
    #expect(bench.sink.messages.count == 997)
    let aborts = bench.sink.state.withLock { $0.transactions.aborts }
    #expect(aborts <= 12, "\(aborts) aborted transactions")
    let requests = bench.sink.state.withLock { $0.requests }
    #expect(requests < 400, "\(requests) requests")
  }

  @Test(arguments: [.exactlyOnce, .atLeastOnce] as [DeliveryGuarantee])
  func `rows that were refused come after all others, in batches of their own`(
    delivery: DeliveryGuarantee
  ) async throws {
    let bench = try Self.bench(delivery, rows: 20)
    bench.sink.answer(.refuseRequest(keys: ["1", "2"]))
    await bench.run()
    bench.sink.answer()
    _ = bench.sink.takeMessages()
    let commits = bench.sink.commits
    try bench.database("UPDATE t SET a = 'y' WHERE id = 3; INSERT INTO t VALUES (100, 'new')")
    let report = await bench.run()
    #expect(report.outcome == .done)
    #expect(bench.arrivals() == ["changed 3", "added 100", "added 1", "added 2"])
    if delivery == .exactlyOnce { #expect(bench.sink.commits == commits + 2) }
    // What went through is not remembered as refused.
    let state = try await StateFile.open(path: bench.statePath, mode: .report)
    #expect(try await state.refusedKeys().isEmpty)
  }

  @Test(arguments: [.exactlyOnce, .atLeastOnce] as [DeliveryGuarantee])
  func
    `whatever call a run dies at while it looks for refused rows, the next one continues there`(
      delivery: DeliveryGuarantee
    ) async throws
  {
    var points = 0
    for failing in 1...80 {
      let bench = try Self.bench(delivery, rows: 100)
      let refused = Self.keys([5, 6, 50, 95])
      bench.sink.answer(.refuseRequest(keys: refused))
      bench.sink.fail(call: failing, failing % 2 == 0 ? .dieBefore : .dieAfter)
      _ = await bench.run()
      let calls = bench.sink.calls
      bench.sink.fail(call: nil)
      if calls < failing { break }
      points += 1
      let second = await bench.run()
      #expect(second.outcome == .doneWithProblems, "after call \(failing)")
      #expect(second.counts.rejected == 4, "after call \(failing)")
      // The source is corrected: what the run before wrote down does not hold anything up.
      bench.sink.answer()
      try bench.database("UPDATE t SET a = 'corrected' WHERE id IN (5, 6, 50, 95)")
      #expect(await bench.run().outcome == .done, "after call \(failing)")
      if delivery == .atLeastOnce { bench.forgetRepetitions() }
      try bench.expectEverythingOnce("after call \(failing)")
    }
    #expect(points >= (delivery == .exactlyOnce ? 15 : 5))
  }

  @Test
  func `a row that is corrected while its refused batch waits is delivered by the very next run`()
    async throws
  {
    let bench = try Self.bench(.exactlyOnce, rows: 50)
    bench.sink.answer(.refuseRequest(keys: ["7", "9"]))
    // connect, open, offsets, prepare, begin, commit of the mark, begin, submit, open, ...
    bench.sink.fail(call: 14, .dieBefore)
    #expect(await bench.run().outcome == .failed)
    bench.sink.fail(call: nil)
    try bench.database("UPDATE t SET a = 'corrected' WHERE id = 7; DELETE FROM t WHERE id = 9")
    bench.sink.answer(.refuseRequest(keys: ["9"]))
    let report = await bench.run()
    bench.sink.answer()
    #expect(report.counts.rejected == 0)
    #expect(await bench.run().outcome == .done)
    try bench.expectEverythingOnce("")
  }

  @Test(arguments: [.exactlyOnce, .atLeastOnce] as [DeliveryGuarantee], [1, 2] as [UInt64])
  func `after any workload with refused rows every message is that of its row`(
    delivery: DeliveryGuarantee,
    seed: UInt64
  ) async throws {
    var random = SeededGenerator(state: seed)
    let bench = try Bench("CREATE TABLE t (id INTEGER PRIMARY KEY, a)")
    bench.sync.delivery = delivery
    bench.sync.guards[.maxRemoved] = .percent(100)
    for round in 0..<30 {
      try bench.database(Workload.statements(&random))
      let refused = Self.keys((1...40).filter { _ in Int.random(in: 0..<5, using: &random) == 0 })
      bench.sink.answer(.refuseRequest(keys: refused))
      if Int.random(in: 0..<3, using: &random) == 0 {
        bench.sink.fail(call: Int.random(in: 1...30, using: &random), .dieAfter)
      }
      _ = await bench.run()
      bench.sink.fail(call: nil)
      if Int.random(in: 0..<3, using: &random) == 0 { _ = await bench.run() }
      if Int.random(in: 0..<3, using: &random) > 0 { continue }
      bench.sink.answer()
      #expect(await bench.run().outcome == .done, "seed \(seed), round \(round)")
      #expect(try bench.fold() == bench.table(), "seed \(seed), round \(round)")
    }
    bench.sink.answer()
    #expect(await bench.run().outcome == .done)
    if delivery == .atLeastOnce { bench.forgetRepetitions() }
    try bench.expectEverythingOnce("seed \(seed)")
  }
}
