import Sync
import Reports
import Settings
import Testing

@Suite struct SyncRunTests {
  let bench: Bench

  init() throws {
    bench = try Bench(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, price REAL);
      INSERT INTO t VALUES (1, 'Ada', 1.5), (2, 'Grace "Hopper"', NULL), (3, 'Zoë', 2);
      """
    )
  }

  @Test func `a first run sends every row, a second none`() async {
    let first = await bench.run()
    #expect(first.outcome == .done)
    #expect(first.error == nil)
    #expect(
      bench.sink.messages.map(\.value) == [
        #"{"id":1,"name":"Ada","price":1.5}"#,
        #"{"id":2,"name":"Grace \"Hopper\"","price":null}"#,
        #"{"id":3,"name":"Zoë","price":2.0}"#,
      ]
    )
    #expect(bench.arrivals() == ["added 1", "added 2", "added 3"])
    let second = await bench.run()
    #expect(second.counts.unchanged == 3)
    #expect(bench.arrivals() == [])
  }

  @Test func `changed, added and removed rows leave one message each`() async throws {
    await bench.run()
    _ = bench.arrivals()
    try bench.database(
      "UPDATE t SET name = 'Ada L.' WHERE id = 1; DELETE FROM t WHERE id = 2;"
        + "INSERT INTO t VALUES (4, 'New', 0)"
    )
    let report = await bench.run()
    #expect(report.counts.changed == 1)
    #expect(report.counts.added == 1)
    #expect(report.counts.removed == 1)
    #expect(bench.arrivals() == ["removed 2", "changed 1", "added 4"])
    await bench.run()
    #expect(bench.arrivals() == [])
  }

  @Test func `a row that goes back to its old value is sent with a new event id`() async throws {
    await bench.run()
    try bench.database("UPDATE t SET name = 'X' WHERE id = 1")
    await bench.run()
    try bench.database("UPDATE t SET name = 'Ada' WHERE id = 1")
    await bench.run()
    let ids = bench.sink.messages.filter { $0.key == "1" }.map { $0.headers["event-id"] }
    #expect(ids.count == 3)
    #expect(Set(ids).count == 3)
  }

  @Test func `an empty result removes nothing and ends with the guard`() async throws {
    await bench.run()
    _ = bench.arrivals()
    try bench.database("DELETE FROM t")
    let report = await bench.run()
    #expect(report.outcome == .stoppedByGuard)
    #expect(bench.arrivals() == [])
    let allowed = await bench.run(RunOptions(allowedGuards: [.maxRemoved]))
    #expect(allowed.outcome == .done)
    #expect(bench.arrivals() == ["removed 1", "removed 2", "removed 3"])
  }

  @Test func `max_removed of the sync replaces the default guards`() async throws {
    bench.sync.guards[.maxRemoved] = .percent(100)
    await bench.run()
    try bench.database("DELETE FROM t")
    let report = await bench.run()
    #expect(report.outcome == .done)
    #expect(report.counts.removed == 3)
  }

  @Test func `a trigger that is not selected is absorbed`() async throws {
    bench.sync.changed.isSelected = false
    await bench.run()
    _ = bench.arrivals()
    try bench.database("UPDATE t SET name = 'X' WHERE id = 1")
    let report = await bench.run()
    #expect(report.counts.changed == 1)
    #expect(bench.arrivals() == [])
    bench.sync.changed.isSelected = true
    await bench.run()
    #expect(bench.arrivals() == [])
  }

  @Test func `removals that are not selected leave the snapshot without a message`() async throws {
    bench.sync.removed.isSelected = false
    await bench.run()
    _ = bench.arrivals()
    try bench.database("DELETE FROM t WHERE id = 1")
    let report = await bench.run()
    #expect(report.counts.removed == 1 && report.counts.sent == 0)
    #expect(bench.arrivals() == [])
    bench.sync.removed.isSelected = true
    #expect(await bench.run().counts.removed == 0)
    #expect(bench.arrivals() == [])
  }

  @Test func `an initial sync that is skipped sends only later changes`() async throws {
    bench.sync.initialSync = .skip
    let first = await bench.run()
    #expect(first.outcome == .done)
    #expect(bench.arrivals() == [])
    try bench.database("UPDATE t SET name = 'X' WHERE id = 3")
    await bench.run()
    #expect(bench.arrivals() == ["changed 3"])
  }

  @Test func `columns that are ignored make no change and stay as delivered`() async throws {
    bench.sync.changedWhen = Located(.ignoring(["price"]))
    await bench.run()
    _ = bench.arrivals()
    try bench.database("UPDATE t SET price = 99")
    await bench.run()
    #expect(bench.arrivals() == [])
    try bench.database("DELETE FROM t WHERE id = 1")
    await bench.run()
    #expect(bench.values() == [#"{"id":1,"name":"Ada","price":1.5}"#])
  }

  @Test func `when other columns count both sides are compared again`() async throws {
    bench.sync.changedWhen = Located(.ignoring(["price"]))
    await bench.run()
    _ = bench.arrivals()
    try bench.database("UPDATE t SET price = 99 WHERE id = 1")
    await bench.run()
    bench.sync.changedWhen = Located(.anyColumn)
    await bench.run()
    #expect(bench.arrivals() == ["changed 1"])
    await bench.run()
    #expect(bench.arrivals() == [])
  }

  @Test func `a backfill sends every row again as added`() async throws {
    await bench.run()
    _ = bench.arrivals()
    try bench.database("UPDATE t SET name = 'X' WHERE id = 3; DELETE FROM t WHERE id = 1")
    let report = await bench.run(RunOptions(command: .backfill))
    #expect(report.outcome == .done)
    #expect(bench.sink.messages.allSatisfy { $0.headers["backfill"] == "true" })
    #expect(bench.arrivals() == ["added 2", "added 3"])
    await bench.run()
    #expect(bench.arrivals() == ["removed 1"])
  }

  @Test func `a limited run sends so many changes and no removals`() async throws {
    await bench.run()
    _ = bench.arrivals()
    try bench.database("UPDATE t SET name = 'X'; DELETE FROM t WHERE id = 3")
    await bench.run(RunOptions(limit: 1))
    #expect(bench.arrivals() == ["changed 1"])
    await bench.run()
    #expect(bench.arrivals() == ["removed 3", "changed 2"])
  }

  @Test func `the order of rows never makes a change`() async throws {
    await bench.run()
    _ = bench.arrivals()
    bench.sql = "SELECT * FROM t ORDER BY id DESC"
    let report = await bench.run()
    #expect(report.counts.unchanged == 3)
    #expect(bench.arrivals() == [])
  }

  @Test func `a limit never splits an initial sync that is skipped`() async throws {
    bench.sync.initialSync = .skip
    await bench.run(RunOptions(limit: 1))
    await bench.run()
    #expect(bench.arrivals() == [])
  }

  @Test func `resetting to the present result sends only later changes`() async throws {
    await bench.run()
    _ = bench.arrivals()
    try bench.database("UPDATE t SET name = 'X'; DELETE FROM t WHERE id = 3")
    let report = await bench.run(RunOptions(command: .resetToCurrent))
    #expect(report.outcome == .done)
    #expect(bench.arrivals() == [])
    try bench.database("UPDATE t SET name = 'Y' WHERE id = 2")
    await bench.run()
    #expect(bench.arrivals() == ["changed 2"])
  }
}
