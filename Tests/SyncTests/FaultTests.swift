import Sync
import Foundation
import Reports
import SQLite
import Settings
import Testing

@Suite struct FaultTests {
  private static let rows =
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a);"
    + "INSERT INTO t WITH RECURSIVE s(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM s WHERE v < 30000)"
    + " SELECT v, 'x' FROM s;"

  @Test func `whatever call of the source fails, nothing is removed and the next run is right`()
    async throws
  {
    var points = 0
    for failing in 1...30 {
      let bench = try Bench(Self.rows)
      await bench.run()
      try bench.database("UPDATE t SET a = 'y' WHERE id % 1000 = 0; DELETE FROM t WHERE id = 7")
      let source = FaultySource(bench.source, failingCall: failing)
      let report = await bench.run(source: source)
      if report.outcome == .done { break }
      points += 1
      #expect(report.outcome == .failed)
      #expect(report.counts.removed == 0)
      #expect(await bench.run().outcome == .done)
      #expect(try bench.fold() == bench.table())
    }
    #expect(points >= 5)
    print("source calls failed one after the other: \(points)")
  }

  @Test func `a first run whose query fails midway keeps what was delivered`() async throws {
    let bench = try Bench(Self.rows)
    let report = await bench.run(source: FaultySource(bench.source, failingCall: 5))
    #expect(report.outcome == .failed)
    let first = bench.sink.messages.count
    #expect(first > 0 && first < 30000)
    #expect(await bench.run().outcome == .done)
    #expect(bench.sink.messages.count == 30000)
  }

  @Test func `an interrupted run commits what was acknowledged and continues later`() async throws {
    let bench = try Bench(Self.rows)
    let interruption = RunInterruption()
    let reads = Counter()
    let source = FaultySource(bench.source) {
      if reads.next() == 4 { interruption.request() }
    }
    let report = await bench.run(source: source, interruption: interruption)
    #expect(report.outcome == .interrupted)
    #expect(await bench.run().outcome == .done)
    #expect(bench.sink.messages.count == 30000)
  }

  @Test func `a state from the future is refused and not touched`() async throws {
    let bench = try Bench("CREATE TABLE t (id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (1, 2)")
    await bench.run()
    let state = try SQLiteConnection(path: bench.statePath, mode: .readWrite)
    try state.execute("PRAGMA journal_mode = DELETE; PRAGMA user_version = 99")
    let before = try Data(contentsOf: URL(fileURLWithPath: bench.statePath))
    let report = await bench.run()
    #expect(report.outcome == .failed)
    #expect(report.error?.message.contains("newer Sluice") == true)
    #expect(try Data(contentsOf: URL(fileURLWithPath: bench.statePath)) == before)
  }

  @Test(arguments: ["not a database at all, but long enough to be read as one", ""])
  func `a file that is not a state is never taken for an empty one`(content: String) async throws {
    let bench = try Bench("CREATE TABLE t (id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (1, 2)")
    let bytes = Data((content + String(repeating: "x", count: content.isEmpty ? 0 : 600)).utf8)
    try bytes.write(to: URL(fileURLWithPath: bench.statePath))
    let report = await bench.run()
    // An empty file is what SQLite itself makes of a new database.
    #expect(report.outcome == (content.isEmpty ? .done : .failed))
    if !content.isEmpty { #expect(report.error?.hint?.contains("sluice reset") == true) }
  }

  @Test func `a truncated state is reported and nothing is sent`() async throws {
    let bench = try Bench(Self.rows)
    await bench.run()
    _ = bench.sink.takeMessages()
    let size = try #require(
      try FileManager.default.attributesOfItem(atPath: bench.statePath)[.size] as? Int
    )
    truncate(bench.statePath, size / 2)
    let report = await bench.run()
    #expect(report.outcome == .failed)
    #expect(bench.sink.messages.isEmpty)
  }

  @Test func `another program's database is refused and not touched`() async throws {
    let bench = try Bench("CREATE TABLE t (id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (1, 2)")
    let other = try SQLiteConnection(path: bench.statePath, mode: .create)
    try other.execute("CREATE TABLE books (title)")
    let report = await bench.run()
    #expect(report.outcome == .failed)
    #expect(report.error?.message.contains("not a state of Sluice") == true)
  }

  @Test func `a state that is required and missing is an error`() async throws {
    let bench = try Bench("CREATE TABLE t (id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (1, 2)")
    bench.sync.stateRequired = true
    let report = await bench.run()
    #expect(report.outcome == .failed)
    #expect(report.error?.message.contains("state: {required: true}") == true)
    #expect(bench.sink.messages.isEmpty)
  }
}

/// Counts calls from several threads.
private final class Counter: Sendable {
  private let lock = NSLock()
  nonisolated(unsafe) private var count = 0

  func next() -> Int {
    lock.withLock {
      count += 1
      return count
    }
  }
}
