import Sync
import Reports
import Settings
import Testing

@Suite struct ModelChangeTests {
  let bench: Bench

  init() throws {
    bench = try Bench(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
      INSERT INTO t VALUES (1, 'a1', 'b1'), (2, 'a2', 'b2');
      """
    )
  }

  @Test func `a new column is absorbed and counts from then on`() async throws {
    bench.sql = "SELECT id, a FROM t"
    await bench.run()
    _ = bench.arrivals()
    bench.sql = "SELECT id, a, b FROM t"
    let report = await bench.run()
    #expect(report.outcome == .done)
    #expect(bench.arrivals() == [])
    try bench.database("UPDATE t SET b = 'x' WHERE id = 1")
    await bench.run()
    #expect(bench.values() == [#"{"id":1,"a":"a1","b":"x"}"#])
  }

  @Test func `a real change beside a new column is sent`() async throws {
    bench.sql = "SELECT id, a FROM t"
    await bench.run()
    _ = bench.arrivals()
    bench.sql = "SELECT id, a, b FROM t"
    try bench.database("UPDATE t SET a = 'x' WHERE id = 2")
    await bench.run()
    #expect(bench.values() == [#"{"id":2,"a":"x","b":"b2"}"#])
  }

  @Test func `a dropped column and another order are no changes`() async throws {
    await bench.run()
    _ = bench.arrivals()
    bench.sql = "SELECT b, id FROM t"
    await bench.run()
    #expect(bench.arrivals() == [])
    bench.sql = "SELECT id, b FROM t"
    await bench.run()
    #expect(bench.arrivals() == [])
    try bench.database("DELETE FROM t WHERE id = 1")
    await bench.run()
    #expect(bench.values() == [#"{"b":"b1","id":1}"#])
  }

  @Test func `resend sends every row of the older shape once`() async throws {
    bench.sql = "SELECT id, a FROM t"
    await bench.run()
    _ = bench.arrivals()
    bench.sync.onModelChange = .resend
    bench.sql = "SELECT id, a, b FROM t"
    await bench.run()
    #expect(bench.arrivals() == ["changed 1", "changed 2"])
    await bench.run()
    #expect(bench.arrivals() == [])
  }

  @Test func `another primary key stops the run and says what to do`() async throws {
    await bench.run()
    bench.primaryKey = ["a"]
    let report = await bench.run()
    #expect(report.outcome == .misconfigured)
    #expect(report.error?.hint?.contains("sluice reset s") == true)
  }

  @Test func `a row that was rejected keeps its old shape until it goes through`() async throws {
    bench.sql = "SELECT id, a FROM t"
    bench.each { $0.partition = Located(.column("a")) }
    await bench.run()
    _ = bench.arrivals()
    // Partition 7 of 3 is impossible: row 1 is rejected in the run that absorbs the new column.
    try bench.database("UPDATE t SET a = '7' WHERE id = 1")
    bench.sql = "SELECT id, a, b FROM t"
    let rejected = await bench.run()
    #expect(rejected.counts.rejected == 1)
    #expect(bench.arrivals() == [])
    let again = await bench.run()
    #expect(again.counts.rejected == 1)
    try bench.database("UPDATE t SET a = 'a1' WHERE id = 1")
    let reverted = await bench.run()
    #expect(reverted.outcome == .done)
    #expect(bench.arrivals() == [])
  }
}
