import Reports
import SQLite
import Sync
import Settings
import State
import Testing

@Suite struct RecoveryTests {
  @Test func `what was not acknowledged comes again with the same event id`() async throws {
    let bench = try Bench(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (1, 'x'), (2, 'y')"
    )
    bench.sink.answer(.loseAcknowledgement)
    #expect(await bench.run().outcome == .failed)
    let first = bench.sink.takeMessages()
    #expect(first.count == 2)
    // The row goes back to where the state last saw it: the topic must still end up right.
    try bench.database("DELETE FROM t WHERE id = 1")
    let report = await bench.run()
    #expect(report.outcome == .done)
    #expect(report.counts.resent == 2)
    let second = bench.sink.takeMessages()
    #expect(second.prefix(2).map { $0.headers["event-id"] } == first.map { $0.headers["event-id"] })
    #expect(second.last?.headers["change"] == "removed")
  }

  @Test func `whatever call of the sink fails, one more run makes it right`() async throws {
    var points = 0
    for failing in 1...40 {
      let bench = try Bench(
        """
        CREATE TABLE t (id INTEGER PRIMARY KEY, a);
        INSERT INTO t SELECT value, 'x' FROM generate_series(1, 50);
        """.replacingSeries()
      )
      await bench.run()
      try bench.database(
        "UPDATE t SET a = 'y' WHERE id % 5 = 0; DELETE FROM t WHERE id % 7 = 0;"
          + "INSERT INTO t VALUES (100, 'new')"
      )
      bench.sink.fail(call: failing)
      let report = await bench.run()
      bench.sink.fail(call: nil)
      if report.outcome == .done { break }
      points += 1
      #expect(await bench.run().outcome == .done)
      #expect(try bench.fold() == bench.table(), "after a failure of call \(failing)")
    }
    #expect(points >= 3)
    print("sink calls failed one after the other: \(points)")
  }

  @Test func `another cluster under the same name stops the run`() async throws {
    let bench = try Bench("CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)")
    await bench.run()
    bench.sink.become(cluster: "cluster-b")
    let report = await bench.run()
    #expect(report.outcome == .failed)
    #expect(report.error?.hint?.contains("--adopt") == true)
  }
}

extension RecoveryTests {
  @Test func `a topic that was deleted and made again stops the run until it is adopted`()
    async throws
  {
    let bench = try Bench("CREATE TABLE t (id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (1, 2)")
    bench.sink.set(topicIDs: ["rows": "first", "other": "x"])
    await bench.run()
    bench.sink.set(topicIDs: ["rows": "first", "other": "y"])
    #expect(await bench.run().outcome == .done)
    bench.sink.set(topicIDs: ["rows": "second", "other": "y"])
    let report = await bench.run()
    #expect(report.outcome == .failed)
    #expect(report.error?.message.contains("'rows' was deleted and made again") == true)
    #expect(report.error?.hint?.contains("sluice recover s --adopt") == true)
    // A cluster that does not tell is not a reason to stop.
    bench.sink.set(topicIDs: [:])
    #expect(await bench.run().outcome == .done)
    let state = try await StateFile.open(path: bench.statePath, mode: .existing)
    _ = try await state.recover(.adopt)
    bench.sink.set(topicIDs: ["rows": "second"])
    #expect(await bench.run(RunOptions(command: .backfill)).counts.sent == 1)
    #expect(await bench.run().outcome == .done)
  }
}

extension String {
  /// Debian's SQLite has no `generate_series`; a recursive query does the same.
  func replacingSeries() -> String {
    replacing(
      "generate_series(1, 50)",
      with: "(WITH RECURSIVE s(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM s "
        + "WHERE value < 50) SELECT value FROM s)"
    )
  }
}

extension Bench {
  /// The topic as a table: the last message of each key.
  func fold() -> [String: String] {
    var rows: [String: String] = [:]
    for message in sink.messages {
      guard let key = message.key else { continue }
      rows[key] = message.headers["change"] == "removed" ? nil : message.value
    }
    return rows
  }

  /// The table as messages would have it.
  func table() throws -> [String: String] {
    let connection = try SQLiteConnection(path: databasePath, mode: .readWrite)
    let statement = try connection.prepare("SELECT id, json_object('id', id, 'a', a) FROM t")
    var rows: [String: String] = [:]
    while try statement.step() { rows["\(statement.integer(0))"] = statement.text(1) }
    return rows
  }
}

extension RecoveryTests {
  @Test func `a topic that is gone at recovery fails its rows, and the rest of the run continues`()
    async throws
  {
    let bench = try Bench(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, c); INSERT INTO t VALUES (1, 'other')"
    )
    bench.each { $0.topic = Located(.column("c")) }
    bench.sink.addTopic("other")
    bench.sink.answer(.lose)
    #expect(await bench.run().outcome == .failed)
    bench.sink.removeTopic("other")
    try bench.database("UPDATE t SET c = 'rows'; INSERT INTO t VALUES (2, 'rows')")
    let report = await bench.run()
    #expect(report.outcome == .failed)
    #expect(report.error?.message.contains("'other'") == true)
    #expect(bench.arrivals() == ["added 1", "added 2"])
    #expect(await bench.run().outcome == .done)
    #expect(bench.arrivals() == [])
  }
}
