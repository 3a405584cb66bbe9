import Sync
import Reports
import Settings
import Testing

@Suite struct BadRowsTests {
  @Test func `rows without a key are counted and never sent or removed`() async throws {
    let bench = try Bench(
      "CREATE TABLE t (id, a); INSERT INTO t VALUES (1, 'x'), (NULL, 'y'), (2, 'z')"
    )
    bench.sql = "SELECT * FROM t"
    let report = await bench.run()
    #expect(report.outcome == .doneWithProblems)
    #expect(report.counts.invalid == 1)
    #expect(bench.arrivals() == ["added 1", "added 2"])
  }

  @Test func `duplicates that change places never flap`() async throws {
    let bench = try Bench(
      "CREATE TABLE t (id, a, n); INSERT INTO t VALUES (1, 'x', 1), (1, 'y', 2), (2, 'z', 3)"
    )
    bench.sql = "SELECT id, a FROM t ORDER BY n"
    await bench.run()
    #expect(bench.values() == [#"{"id":1,"a":"x"}"#, #"{"id":2,"a":"z"}"#])
    for order in ["n DESC", "n", "n DESC"] {
      bench.sql = "SELECT id, a FROM t ORDER BY \(order)"
      let report = await bench.run()
      #expect(report.counts.invalid == 1)
      #expect(report.counts.changed == 0)
      #expect(bench.values() == [])
    }
  }

  @Test func `of rows with one key a change is taken back once, however many equal the snapshot`()
    async throws
  {
    let bench = try Bench(
      "CREATE TABLE t (id, a, n); INSERT INTO t VALUES (1, 'x', 1), (2, 'z', 9)"
    )
    bench.sql = "SELECT id, a FROM t ORDER BY n"
    await bench.run()
    _ = bench.arrivals()
    try bench.database("INSERT INTO t VALUES (1, 'y', 0), (1, 'x', 2)")
    let report = await bench.run()
    #expect(report.counts.invalid == 2)
    #expect(report.counts.changed == 0 && report.counts.unchanged == 2)
    #expect(bench.arrivals() == [])
  }

  @Test func `a row that is rejected is tried again until it goes through`() async throws {
    let bench = try Bench(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, p); INSERT INTO t VALUES (1, 0), (2, 9)"
    )
    bench.each { $0.partition = Located(.column("p")) }
    #expect(await bench.run().outcome == .doneWithProblems)
    #expect(bench.arrivals() == ["added 1"])
    #expect(await bench.run().counts.rejected == 1)
    // The topic has three: 0, 1 and 2.
    try bench.database("UPDATE t SET p = 3 WHERE id = 2")
    #expect(await bench.run().counts.rejected == 1)
    try bench.database("UPDATE t SET p = 2 WHERE id = 2")
    #expect(await bench.run().outcome == .done)
    #expect(bench.arrivals() == ["added 2"])
  }

  @Test func `a row that the broker refuses is rejected and the others go on`() async throws {
    let bench = try Bench(
      "CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1), (2), (3)"
    )
    bench.sink.answer(.refuse(1))
    let report = await bench.run()
    #expect(report.counts.rejected == 1)
    #expect(bench.arrivals() == ["added 1", "added 3"])
    #expect(await bench.run().outcome == .done)
    #expect(bench.arrivals() == ["added 2"])
  }

  @Test func `of a request that is too large only the row to blame is rejected`() async throws {
    let bench = try Bench(
      "CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1), (2), (3)"
    )
    bench.sink.answer(.refuseRequest(keys: ["2"]))
    let report = await bench.run()
    #expect(report.counts.rejected == 1)
    #expect(report.counts.sent == 2)
    #expect(bench.arrivals() == ["added 1", "added 3"])
  }

  @Test func `a topic that is not there fails its batch and names a row`() async throws {
    let bench = try Bench(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, c); INSERT INTO t VALUES (1, 'rows'), (2, 'nope')"
    )
    bench.each { $0.topic = Located(.column("c")) }
    let report = await bench.run()
    #expect(report.outcome == .failed)
    #expect(report.counts.failed == 2)
    #expect(report.error?.message.contains("'nope', which row 2 asks for") == true)
    #expect(bench.arrivals() == [])
    bench.sync.unknownTopic = .reject
    let rejecting = await bench.run()
    #expect(rejecting.outcome == .doneWithProblems)
    #expect(bench.arrivals() == ["added 1"])
    bench.sink.addTopicOnRefresh("nope")
    #expect(await bench.run().outcome == .done)
    #expect(bench.arrivals() == ["added 2"])
  }

  @Test(
    arguments: [
      ("SELECT", "syntax"), ("SELECT 1 AS id; SELECT 2", "more than one statement"),
      ("SELECT id, id FROM t", "two columns named 'id'"), ("SELECT 1 AS x", "no column 'id'"),
      ("DELETE FROM t", "not authorized"), ("SELECT * FROM missing", "no such table"),
      ("-- nothing", "no statement"), ("PRAGMA user_version", "not authorized"),
    ]
  )
  func `a model that is not a query is refused before anything is sent`(
    sql: String,
    message: String
  ) async throws {
    let bench = try Bench("CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)")
    await bench.run()
    _ = bench.arrivals()
    bench.sql = sql
    let report = await bench.run()
    #expect(report.outcome == .misconfigured)
    let told = report.error?.message ?? ""
    #expect(told.contains(message) || message == "syntax", "\(told)")
    #expect(bench.arrivals() == [])
  }

  @Test func `comments and semicolons around a query do no harm`() async throws {
    let bench = try Bench("CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)")
    bench.sql = "-- a; b\nSELECT id, ';' AS s FROM t; -- the end;\n"
    #expect(await bench.run().outcome == .done)
    #expect(bench.arrivals() == ["added 1"])
  }

  @Test func `a query that fails midway removes nothing`() async throws {
    let bench = try Bench(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, j); INSERT INTO t VALUES (1, '1'), (2, '2')"
    )
    bench.sql = "SELECT id, json(j) AS j FROM t"
    await bench.run()
    _ = bench.arrivals()
    try bench.database("UPDATE t SET j = '{' WHERE id = 2")
    let report = await bench.run()
    #expect(report.outcome == .failed || report.outcome == .misconfigured)
    #expect(bench.arrivals() == [])
    try bench.database("UPDATE t SET j = '2' WHERE id = 2")
    #expect(await bench.run().outcome == .done)
    #expect(bench.arrivals() == [])
  }

  @Test func `text that is not UTF-8 rejects its row, a NUL byte does not`() async throws {
    let bench = try Bench(
      """
      CREATE TABLE t (id INTEGER PRIMARY KEY, a);
      INSERT INTO t VALUES (1, CAST(x'ff41' AS TEXT)), (2, CAST(x'410042' AS TEXT));
      """
    )
    let report = await bench.run()
    #expect(report.counts.rejected == 1)
    #expect(bench.values() == [#"{"id":2,"a":"A\u0000B"}"#])
  }
}
