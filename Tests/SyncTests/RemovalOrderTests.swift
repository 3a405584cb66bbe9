import Sync
import Reports
import Settings
import Synchronization
import Testing

/// Removals leave first, and everything else waits for them.
@Suite struct RemovalOrderTests {
  /// More rows than two batches hold.
  private static let rows = 25_000

  /// A unique natural key beside a surrogate.
  private func bench(_ delivery: DeliveryGuarantee, rows: Int) throws -> Bench {
    let bench = try Bench(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT, v);
      INSERT INTO t (email, v) WITH RECURSIVE s(n) AS
        (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < \(rows)) SELECT 'e' || n, 1 FROM s;
      """
    )
    bench.sync.delivery = delivery
    bench.sync.nullValues = .unchecked
    bench.each { $0.key = Located(.column("email")) }
    bench.sync.removed.body = .tombstone
    return bench
  }

  private static let reload =
    """
    CREATE TEMPORARY TABLE old AS SELECT email FROM t; DELETE FROM t;
    INSERT INTO t (email, v) SELECT email, 2 FROM old;
    """

  @Test(arguments: DeliveryGuarantee.allCases)
  func `rows that come back under other ids are not erased by their removals`(
    delivery: DeliveryGuarantee
  ) async throws {
    let bench = try bench(delivery, rows: Self.rows)
    await bench.run()
    _ = bench.sink.takeMessages()
    try bench.database(Self.reload)
    let report = await bench.run(RunOptions(allowedGuards: [.maxRemoved]))
    #expect(report.counts.removed == Self.rows && report.counts.added == Self.rows)
    let nulls = bench.sink.messages.map { $0.value == nil }
    #expect(
      nulls == Array(repeating: true, count: Self.rows) + Array(repeating: false, count: Self.rows)
    )
    #expect(await bench.run().counts.sent == 0)
  }

  @Test(arguments: DeliveryGuarantee.allCases)
  func `whatever call fails, no addition arrives before the last removal`(
    delivery: DeliveryGuarantee
  ) async throws {
    var points = 0
    for failing in 1...60 {
      let bench = try bench(delivery, rows: 3)
      await bench.run()
      _ = bench.sink.takeMessages()
      try bench.database(Self.reload)
      bench.sink.fail(call: failing, failing % 2 == 0 ? .dieBefore : .dieAfter)
      let report = await bench.run(RunOptions(allowedGuards: [.maxRemoved]))
      bench.sink.fail(call: nil)
      if report.outcome != .done {
        points += 1
        await bench.run(RunOptions(allowedGuards: [.maxRemoved]))
      }
      let messages = bench.sink.takeMessages()
      let firstAddition = messages.firstIndex { $0.value != nil } ?? 0
      #expect(messages[..<firstAddition].count >= 3, "call \(failing)")
      #expect(messages[firstAddition...].allSatisfy { $0.value != nil }, "call \(failing)")
      #expect(Set(messages[firstAddition...].map(\.key)).count == 3, "call \(failing)")
    }
    #expect(points >= 4)
  }

  @Test(arguments: [0, 1, 3])
  func `a removal whose fate is unknown holds the additions back, however late that is known`(
    silences: Int
  ) async throws {
    let bench = try bench(.atLeastOnce, rows: 1)
    await bench.run()
    _ = bench.sink.takeMessages()
    try bench.database(Self.reload)
    bench.sink.state.withLock { $0.silences = silences }
    bench.sink.answer(.lose)
    #expect(await bench.run(RunOptions(allowedGuards: [.maxRemoved])).outcome == .failed)
    #expect(bench.arrivals() == [])
    #expect(await bench.run().outcome == .done)
    #expect(bench.arrivals() == ["removed e1", "added e1"])
  }

  @Test func `batches of an older version, removals last, are finished in their order`()
    async throws
  {
    let bench = try bench(.atLeastOnce, rows: 2)
    await bench.run()
    try bench.database("DELETE FROM t WHERE id = 1; INSERT INTO t (email, v) VALUES ('new', 1)")
    bench.sink.answer(.lose)
    await bench.run(RunOptions(allowedGuards: [.maxRemoved]))
    _ = bench.sink.takeMessages()
    try bench.state(
      "UPDATE batch SET number = 1000 WHERE number = "
        + "(SELECT min(number) FROM batch WHERE state = 'prepared')"
    )
    #expect(await bench.run().outcome == .done)
    #expect(bench.arrivals() == ["added new", "removed e1"])
  }
}
