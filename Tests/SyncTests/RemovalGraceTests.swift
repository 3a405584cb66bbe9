import Reports
import Settings
import Synchronization
import Testing

@testable import State
@testable import Sync

/// Rows that are removed only if they stay away.
@Suite struct RemovalGraceTests {
  private let bench: Bench

  init() throws {
    bench = try Bench(
      "CREATE TABLE t (id INTEGER, a TEXT); INSERT INTO t VALUES (1, 'x'), (2, 'y'), (3, 'z')"
    )
    bench.sync.guards[.maxRemoved] = .unbounded
    bench.sync.removalGrace = .results(2)
  }

  private func runs(_ count: Int = 1) async -> [String] {
    for _ in 0..<count { #expect(await bench.run().outcome == .done) }
    return bench.arrivals()
  }

  @Test func `a row is removed by the second result that lacks it, not by the first`() async throws
  {
    _ = await runs()
    try bench.database("DELETE FROM t WHERE id = 2")
    #expect(await runs() == [])
    #expect(
      bench.notes.withLock { $0 }.contains(
        "1 row missing from the result: not removed yet (removed: {after: 2 runs})"
      )
    )
    #expect(await runs() == ["removed 2"])
    #expect(await runs() == [])
  }

  @Test func `a row that comes back is not removed, and the next absence starts over`() async throws
  {
    _ = await runs()
    try bench.database("DELETE FROM t WHERE id = 2")
    #expect(await runs() == [])
    try bench.database("INSERT INTO t VALUES (2, 'y')")
    #expect(await runs() == [])
    try bench.database("DELETE FROM t WHERE id = 2")
    #expect(await runs() == [])
    try bench.database("INSERT INTO t VALUES (2, 'changed')")
    #expect(await runs() == ["changed 2"])
    try bench.database("DELETE FROM t WHERE id = 2")
    #expect(await runs() == [])
    #expect(await runs() == ["removed 2"])
  }

  @Test func `a row that a part of the result brings back is not missing any more`() async throws {
    _ = await runs()
    try bench.database("DELETE FROM t WHERE id = 1")
    #expect(await runs() == [])
    try bench.database("INSERT INTO t VALUES (1, 'new')")
    #expect(await bench.run(RunOptions(limit: 1)).outcome == .done)
    #expect(bench.arrivals() == ["changed 1"])
    try bench.database("DELETE FROM t WHERE id = 1")
    #expect(await runs() == [])
    // A part of the result says nothing of what it lacks.
    #expect(await bench.run(RunOptions(limit: 1)).outcome == .done)
    #expect(await runs() == ["removed 1"])
  }

  @Test func `with a duration the row must be missing for that long`() async throws {
    bench.sync.removalGrace = .time(.seconds(60))
    let minute = 60_000_000
    bench.wallTime = { 1_000 * minute }
    _ = await runs()
    try bench.database("DELETE FROM t WHERE id = 3")
    #expect(await runs(3) == [])
    bench.wallTime = { 1_001 * minute - 1 }
    #expect(await runs() == [])
    bench.wallTime = { 1_001 * minute }
    #expect(await runs() == ["removed 3"])
  }

  @Test func `max_removed judges a row when it is first missing, and not again`() async throws {
    bench.sync.guards[.maxRemoved] = .count(1)
    _ = await runs()
    try bench.database("DELETE FROM t WHERE id > 1")
    for _ in 0..<3 {
      // A result that a guard stopped is not one that the rows were missing from.
      let report = await bench.run()
      #expect(report.outcome == .stoppedByGuard)
      #expect(report.error?.guards.first?.examples == ["2", "3"])
    }
    #expect(await bench.run(RunOptions(allowedGuards: [.maxRemoved])).outcome == .done)
    #expect(bench.arrivals() == [])
    #expect(await runs() == ["removed 2", "removed 3"])
  }

  @Test func `the examples of a guard are the rows that were not missing before`() async throws {
    bench.sync.removalGrace = .results(3)
    bench.sync.guards[.maxRemoved] = .count(1)
    _ = await runs()
    try bench.database("DELETE FROM t WHERE id = 1")
    #expect(await runs() == [])
    try bench.database("DELETE FROM t")
    let report = await bench.run(RunOptions(allowedGuards: [.minRows]))
    #expect(report.error?.guards.first?.examples == ["2", "3"])
  }

  @Test func `renumbered keys are stopped before the old rows are removed`() async throws {
    bench.sync.guards[.unstableKey] = .percent(5)
    _ = await runs()
    try bench.database("UPDATE t SET id = id + 1000")
    #expect(await bench.run().error?.guards.map(\.name) == [.unstableKey])
    #expect(bench.arrivals() == [])
  }

  @Test func `exactly once waits as long`() async throws {
    bench.sync.delivery = .exactlyOnce
    _ = await runs()
    try bench.database("DELETE FROM t WHERE id = 2")
    #expect(await runs() == [])
    #expect(await runs() == ["removed 2"])
  }

  @Test func `without the setting everything that is missing is removed at once`() async throws {
    _ = await runs()
    try bench.database("DELETE FROM t WHERE id = 2")
    #expect(await runs() == [])
    bench.sync.removalGrace = nil
    #expect(await runs() == ["removed 2"])
    let state = try await StateFile.open(path: bench.statePath, mode: .existing)
    #expect(try await state.absences().isEmpty)
  }

  @Test func `inspect says that a removal waits, and when it does not`() async throws {
    _ = await runs()
    try bench.database("DELETE FROM t WHERE id = 2")
    let look = { @Sendable [bench] in
      await InspectRun(of: bench.makeRun(), key: "2", scratchPath: bench.directory + "/scratch.db")
        .execute()
    }
    #expect(await look().verdict == .waiting)
    #expect(await runs() == [])
    #expect(await look().verdict == .send)
  }
}
