import Foundation
import Reports
import Settings
import TestSupport
import Testing

@testable import Sync

/// Tests on the rows of a model, in both databases.
@Suite struct RowTestTests {
  private static let setUp = """
    CREATE TABLE t (id INTEGER, email TEXT, status TEXT, total INTEGER);
    INSERT INTO t VALUES (1, 'a', 'open', 5), (2, NULL, 'open', 5), (3, 'a', 'odd', -1),
      (4, 'd', NULL, NULL), (5, 'e', 'it''s', 0), (6, NULL, '2', 0);
    """

  private static func test(
    _ rule: RowTest.Rule,
    _ severity: RowTest.Severity = .error
  ) -> RowTest {
    let location = SourceLocation(file: "models/m.sql", line: 4, column: 9)
    return RowTest(rule, name: nil, severity: severity, location: location)
  }

  private static let accepted = [Literal.string("open"), .string("it's"), .number("2")]

  /// What each rule finds in ``setUp``: a row that is NULL fails only where NULL is refused.
  private static let findings: [(rule: RowTest.Rule, rows: Int, keys: [String])] = [
    (.notNull("email"), 2, ["2", "6"]), (.notNull("id"), 0, []),
    (.unique(["email"]), 2, ["1", "3"]), (.unique(["id"]), 0, []),
    (.unique(["email", "status"]), 0, []), (.unique(["total", "status"]), 2, ["1", "2"]),
    (.acceptedValues(column: "status", values: accepted), 1, ["3"]),
    (.acceptedValues(column: "total", values: [.number("0"), .number("5")]), 1, ["3"]),
    (.expression("total >= 0 -- no debts"), 1, ["3"]), (.expression("total > -5"), 0, []),
    (.expression("total > 100 OR email IS NULL"), 3, ["1", "3", "5"]),
  ]

  private func check(_ bench: Bench, _ source: () -> any RowSource) async throws {
    bench.plansFirst = false
    bench.modelTests = Self.findings.map { Self.test($0.rule, .warn) }
    // A model may end as people end it.
    bench.sql = "SELECT * FROM t ORDER BY id; -- all of them"
    let report = await bench.run(source: source())
    #expect(report.outcome == .done, "\(report.error?.message ?? "")")
    #expect(report.tests.map(\.rows) == Self.findings.map(\.rows))
    #expect(report.tests.map { $0.examples.sorted() } == Self.findings.map(\.keys))
    #expect(bench.arrivals().count == 6)
  }

  @Test func `each rule finds its rows in SQLite`() async throws {
    let bench = try Bench(Self.setUp)
    try await check(bench) { bench.source }
  }

  @Test func `each rule finds its rows in Postgres`() async throws {
    let postgres = try PostgresBench(Self.setUp)
    try await check(postgres.bench) { postgres.source }
  }

  @Test func `a test that fails stops runs of every kind before their first message`()
    async throws
  {
    let bench = try Bench(Self.setUp)
    bench.plansFirst = false
    bench.modelTests = [
      Self.test(.notNull("email")), Self.test(.expression("total >= 0")), Self.test(.notNull("id")),
    ]
    for options in [
      RunOptions(), RunOptions(command: .backfill), RunOptions(command: .resetToCurrent),
      RunOptions(limit: 1),
    ] {
      let report = await bench.run(options)
      #expect(report.outcome == .stoppedByGuard)
      #expect(
        report.error?.all.map(\.message) == [
          "test not_null(email): 2 rows fail (2, 6); nothing was sent",
          "test expression(total >= 0): 1 row fails (3); nothing was sent",
        ]
      )
      #expect(report.error?.location?.description == "models/m.sql:4:9")
      #expect(
        report.error?.withoutValues.message == "test not_null(email): 2 rows fail; nothing was sent"
      )
      #expect(report.counts.read == 0)
    }
    #expect(bench.arrivals() == [])
    let plan = await PlanRun(of: bench.makeRun(), scratchPath: bench.directory + "/p.db").execute()
    #expect(plan.outcome == .stoppedByGuard && plan.tests.map(\.rows) == [2, 1, 0])
    try bench.database("UPDATE t SET email = id, total = 1")
    #expect(await bench.run().outcome == .done)
    #expect(bench.arrivals().count == 6)
  }

  @Test func `what an earlier run wrote down is finished, also if a test stops the run`()
    async throws
  {
    let bench = try Bench(Self.setUp)
    bench.plansFirst = false
    var prepared: Int?
    for call in 1...10 where prepared ?? 0 == 0 {
      bench.sink.fail(call: call, .dieBefore)
      _ = await bench.run()
      prepared = await StateReader(bench.location).status(schedule: nil).summary?.preparedBatches
    }
    #expect(prepared == 1)
    bench.sink.fail(call: nil)
    _ = bench.arrivals()
    bench.modelTests = [Self.test(.notNull("email"))]
    #expect(await bench.run().outcome == .stoppedByGuard)
    #expect(bench.arrivals().count == 6)
  }

  @Test func `tests read the same snapshot as the scan`() async throws {
    let bench = try Bench("PRAGMA journal_mode = WAL;" + Self.setUp + "UPDATE t SET email = id;")
    bench.plansFirst = false
    bench.modelTests = [Self.test(.notNull("email"))]
    // Between the test and the first page somebody commits a row that would fail.
    let source = FaultySource(bench.source) {
      try? bench.database("UPDATE t SET email = NULL WHERE id = 1")
    }
    #expect(await bench.run(source: source).outcome == .done)
    #expect(bench.values().allSatisfy { !$0.contains("\"email\":null") })
    #expect(await bench.run().outcome == .stoppedByGuard)
  }

  @Test func `a condition that the database refuses is told at its place`() async throws {
    let postgres = try PostgresBench(Self.setUp)
    let bench = postgres.bench
    bench.plansFirst = false
    bench.sql = "SELECT * FROM t"
    for (sql, code) in [
      ("totl > 0", RunError.Code.configuration), ("total >", .configuration),
      ("1 / (total - 5) = 1", .failed),
    ] {
      bench.modelTests = [Self.test(.expression(sql))]
      let report = await bench.run(source: postgres.source)
      #expect(report.error?.code == code, "\(report.error?.message ?? "")")
      #expect(report.error?.message.hasPrefix("test expression(\(sql)): ") == true)
      #expect(report.error?.location?.description == "models/m.sql:4:9")
    }
    bench.modelTests = [Self.test(.unique(["emial"]))]
    let unknown = await bench.run(source: postgres.source)
    #expect(unknown.outcome == .misconfigured)
    #expect(unknown.error?.message == "the query returns no column 'emial', which `tests` names")
    #expect(bench.arrivals() == [])
  }
}
