import Sync
import Foundation
import Reports
import Settings
import TestSupport
import Testing

/// The same rows under new keys, as `ROW_NUMBER()` gives them.
@Suite struct UnstableKeyTests {
  private static let people = (1...40).map { "person \($0)" }

  private static func values(_ names: [String]) -> String {
    names.enumerated().map { "(\($0.offset + 1), '\($0.element)', 'x')" }.joined(separator: ", ")
  }

  private static func bench(_ names: [String] = people) throws -> Bench {
    let bench = try Bench(
      "CREATE TABLE t (id INTEGER, a TEXT, b TEXT); INSERT INTO t VALUES \(values(names))"
    )
    bench.sync.guards[.maxRemoved] = .unbounded
    bench.sync.guards[.unstableKey] = .percent(5)
    return bench
  }

  @Test func `renumbered keys are stopped, with old and new keys and the way out`() async throws {
    let bench = try Self.bench()
    await bench.run()
    _ = bench.arrivals()
    try bench.database("UPDATE t SET id = id + 1000")
    let report = await bench.run()
    #expect(report.outcome == .stoppedByGuard)
    #expect(bench.arrivals() == [])
    #expect(report.error?.guards.map(\.name) == [.unstableKey])
    #expect(report.error?.guards.first?.examples == ["1 → 1001", "2 → 1002", "3 → 1003"])
    #expect(
      report.error?.message.contains("40 of 40 removed rows come back under new keys") == true
    )
    #expect(report.error?.hint?.contains("ROW_NUMBER()") == true)
    #expect(report.error?.hint?.contains("the `primary_key` of the model m") == true)
    let allowed = await bench.run(RunOptions(allowedGuards: [.unstableKey]))
    #expect(allowed.counts.removed == 40 && allowed.counts.added == 40)
  }

  @Test func `in Postgres, a partition key that restarts with each load is found by its values`()
    async throws
  {
    let postgres = try PostgresBench(
      "CREATE TABLE t (day date, n int, a text, b jsonb);"
        + "INSERT INTO t SELECT '2024-01-01', n, 'name ' || n, '{\"n\": 1}' FROM generate_series(1, 40) n"
    )
    let bench = postgres.bench
    bench.primaryKey = ["day", "n"]
    bench.each { $0.key = Located(.primaryKey) }
    bench.sync.guards[.maxRemoved] = .unbounded
    bench.sync.guards[.unstableKey] = .percent(50)
    await postgres.run("SELECT a, day, n, b FROM t ORDER BY n")
    postgres.sql("UPDATE t SET day = '2024-01-02'")
    let error = await postgres.run().error
    #expect(error?.guards.map(\.name) == [.unstableKey])
    #expect(error?.guards.first?.examples.first == "2024-01-01,1 → 2024-01-02,1")
    // Other values under other keys are other rows.
    postgres.sql("UPDATE t SET a = a || '!'")
    #expect(await postgres.run().outcome == .done)
  }

  @Test func `values in columns that do not count make no difference`() async throws {
    let bench = try Self.bench()
    bench.sync.changedWhen = Located(.ignoring(["b"]))
    await bench.run()
    try bench.database("UPDATE t SET id = id + 1000, b = 'loaded again'")
    #expect(await bench.run().error?.guards.map(\.name) == [.unstableKey])
  }

  @Test func `rows that were stored under other columns are compared by those that both have`()
    async throws
  {
    let bench = try Self.bench()
    bench.sql = "SELECT id, a FROM t ORDER BY id"
    await bench.run()
    bench.sql = "SELECT b, a, id FROM t ORDER BY id"
    try bench.database("UPDATE t SET id = id + 1000")
    #expect(await bench.run().error?.guards.first?.examples.first == "1 → 1001")
  }

  @Test func `rows that only look alike are not taken for one another`() async throws {
    // Three different values in 40 rows identify none of them.
    let bench = try Self.bench((1...40).map { "group \($0 % 3)" })
    await bench.run()
    try bench.database("UPDATE t SET id = id + 1000")
    #expect(await bench.run().outcome == .done)
  }

  @Test func `a key that holds every column, or few rows that move, stop nobody`() async throws {
    let bench = try Self.bench()
    bench.sql = "SELECT id FROM t ORDER BY id"
    await bench.run()
    try bench.database("UPDATE t SET id = id + 1000")
    #expect(await bench.run().outcome == .done)
    let few = try Self.bench()
    await few.run()
    try few.database("UPDATE t SET id = id + 1000 WHERE id <= 2")
    #expect(await few.run().outcome == .done)
    try few.database("UPDATE t SET id = id + 1000 WHERE id <= 5")
    #expect(await few.run().outcome == .stoppedByGuard)
  }
}
