import Sync
import Foundation
import Reports
import Settings
import Testing

/// `max_rejected`, in both deliveries, for rows that no message can be made of and for refused ones.
@Suite struct RejectionGuardTests {
  private static let deliveries: [DeliveryGuarantee] = [.atLeastOnce, .exactlyOnce]

  /// Rows of a batch each have a topic by their tens of thousands; those with `bad` have none.
  private static func bench(
    _ delivery: DeliveryGuarantee,
    rows: Int,
    limit: GuardLimit = .count(2)
  ) throws -> Bench {
    let bench = try Bench(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, topic TEXT);
      INSERT INTO t WITH RECURSIVE s(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM s WHERE v < \(rows))
      SELECT v, 'rows' FROM s;
      """
    )
    bench.sync.delivery = delivery
    bench.sync.guards[.maxRejected] = limit
    bench.each { $0.topic = Located(.column("topic")) }
    return bench
  }

  @Test(arguments: deliveries)
  func `a run that rejects too many rows ends with what it sent, and the next finds the rest`(
    delivery: DeliveryGuarantee
  ) async throws {
    // Three batches; the second has rows without a topic.
    let bench = try Self.bench(delivery, rows: 25_000)
    // How far a first run has read when it ends is chance.
    bench.plansFirst = false
    try bench.database("UPDATE t SET topic = NULL WHERE id BETWEEN 15001 AND 15003")
    let report = await bench.run()
    #expect(report.outcome == .failed)
    #expect(report.error?.guards.map(\.name) == [.maxRejected])
    #expect(report.error?.message.hasPrefix("3 rows rejected, more than `max_rejected: 2`") == true)
    #expect(report.error?.hint?.contains("`sluice errors s`") == true)
    #expect(report.error?.hint?.contains("`sluice run s --allow max_rejected`") == true)
    #expect(bench.sink.messages.count == 10_000)
    let errors = try await StateReader(bench.location).errors(showingValues: false)
    #expect(errors.rows.count == 3)
    // Nothing is prepared: the next run finds what is left, and stops before it sends any.
    #expect(await StateReader(bench.location).status(schedule: nil).summary?.preparedBatches == 0)
    #expect(await bench.run().outcome == .failed)
    #expect(bench.sink.messages.count == 10_000)
    try bench.database("UPDATE t SET topic = 'rows' WHERE id > 15001")
    #expect(await bench.run().outcome == .doneWithProblems)
    #expect(Set(bench.sink.messages.map(\.key)).count == 24_999)
    #expect(bench.sink.messages.count == 24_999)
  }

  @Test(arguments: deliveries)
  func `exactly the bound passes, and an allowance lifts it`(
    delivery: DeliveryGuarantee
  ) async throws {
    let bench = try Self.bench(delivery, rows: 100)
    try bench.database("UPDATE t SET topic = NULL WHERE id <= 2")
    #expect(await bench.run().outcome == .doneWithProblems)
    #expect(await bench.run().outcome == .doneWithProblems)
    try bench.database("UPDATE t SET topic = NULL WHERE id <= 50")
    _ = bench.arrivals()
    let stopped = await bench.run()
    #expect(stopped.outcome == .failed)
    #expect(stopped.counts.rejected == 50)
    #expect(bench.arrivals() == [])
    let allowed = await bench.run(RunOptions(allowedGuards: [.maxRejected]))
    #expect(allowed.outcome == .doneWithProblems)
    #expect(allowed.counts.rejected == 50)
  }

  @Test(arguments: deliveries)
  func `rows that a broker refuses count too; what it took stays`(
    delivery: DeliveryGuarantee
  ) async throws {
    let bench = try Self.bench(delivery, rows: 100)
    bench.sink.answer(.refuseRequest(keys: ["7", "8", "9"]))
    let report = await bench.run()
    #expect(report.outcome == .failed)
    #expect(report.counts.rejected == 3)
    #expect(report.error?.guards.first?.examples.isEmpty == false)
    #expect(bench.sink.messages.count == 97)
    bench.sink.answer()
    #expect(await bench.run().counts.sent == 3)
    #expect(Set(bench.sink.messages.map(\.key)).count == 100)
  }

  @Test(arguments: deliveries)
  func `a percentage is of the rows delivered before`(delivery: DeliveryGuarantee) async throws {
    let bench = try Self.bench(delivery, rows: 100, limit: .percent(1))
    // A first run has nothing to measure by.
    try bench.database("UPDATE t SET topic = NULL WHERE id <= 10")
    #expect(await bench.run().outcome == .doneWithProblems)
    #expect(await bench.run().outcome == .failed)
    try bench.database("UPDATE t SET topic = 'rows' WHERE id <= 10")
    #expect(await bench.run().outcome == .done)
    try bench.database("UPDATE t SET topic = NULL WHERE id = 1")
    #expect(await bench.run().outcome == .doneWithProblems)
  }

  @Test(arguments: deliveries)
  func `a backfill that rejects too many rows is continued by the next`(
    delivery: DeliveryGuarantee
  ) async throws {
    let bench = try Self.bench(delivery, rows: 25_000)
    #expect(await bench.run().outcome == .done)
    _ = bench.arrivals()
    try bench.database("UPDATE t SET topic = NULL WHERE id > 24000")
    #expect(await bench.run(RunOptions(command: .backfill)).outcome == .failed)
    #expect(bench.sink.messages.count == 20_000)
    try bench.database("UPDATE t SET topic = 'rows'")
    #expect(await bench.run(RunOptions(command: .backfill)).counts.sent == 5_000)
    #expect(Set(bench.sink.messages.map(\.key)).count == 25_000)
  }
}
