import Foundation
import Reports
import Settings
import Sync
import TestSupport
import Testing

/// Backfills of some rows over Postgres.
@Suite struct PartialBackfillTests {
  @Test func `a condition over Postgres sends its rows only, after its model's own comment`()
    async throws
  {
    let postgres = try PostgresBench(
      "CREATE TABLE t (id int PRIMARY KEY, at date);"
        + "INSERT INTO t SELECT n, date '2026-01-01' + n FROM generate_series(1, 9) AS n"
    )
    let bench = postgres.bench
    bench.plansFirst = false
    bench.sql = "SELECT * FROM t ORDER BY id; -- all"
    #expect(await bench.run(source: postgres.source).outcome == .done)
    _ = bench.arrivals()
    postgres.sql("DELETE FROM t WHERE id = 9")
    var options = RunOptions(command: .backfill)
    options.part = RowPart(condition: "at >= '2026-01-08' -- so", keys: [], typed: "")
    #expect(await bench.run(options, source: postgres.source).outcome == .done)
    #expect(bench.arrivals() == ["added 7", "added 8"])
    options.part = RowPart(condition: nil, keys: ["3", "5", "77"], typed: "")
    #expect(await bench.run(options, source: postgres.source).outcome == .done)
    #expect(bench.arrivals() == ["added 3", "added 5"])
    options.part = RowPart(condition: "nothing > 1", keys: [], typed: "")
    let refused = await bench.run(options, source: postgres.source)
    #expect(refused.outcome == .misconfigured && refused.error?.location == nil)
    #expect(refused.error?.message.hasPrefix("the condition 'nothing > 1': ") == true)
    #expect(await bench.run(source: postgres.source).outcome == .done)
    #expect(bench.arrivals() == ["removed 9"])
  }
}
