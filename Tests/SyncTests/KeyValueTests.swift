import Sync
import Reports
import SQLite
import Settings
import TestSupport
import Testing

/// The primary key is compared by value.
@Suite struct KeyValueTests {
  private func bench(_ rows: String) throws -> Bench {
    let bench = try Bench("CREATE TABLE t (id, a); INSERT INTO t VALUES \(rows)")
    bench.sql = "SELECT * FROM t"
    bench.each { $0.key = Located(.primaryKey) }
    return bench
  }

  @Test(arguments: ["id + 0.0", "CAST(id AS TEXT)"])
  func `a key that is written another way is the same row, and its removal reaches the old key`(
    written: String
  ) async throws {
    let bench = try bench("(1, 'x'), (2, 'y'), (3, 'z')")
    await bench.run()
    _ = bench.arrivals()
    try bench.database("UPDATE t SET id = \(written)")
    let report = await bench.run()
    #expect(report.counts.unchanged == 3 && report.counts.invalid == 0)
    #expect(bench.arrivals() == [])
    try bench.database("DELETE FROM t WHERE a = 'y'")
    await bench.run()
    #expect(bench.arrivals() == ["removed 2"])
  }

  @Test func `a row that changes while its key is rescaled is a change, and leaves its old key`()
    async throws
  {
    let bench = try bench("(1, 'x'), (2, 'y')")
    bench.sync.onMove = .tombstone
    await bench.run()
    _ = bench.arrivals()
    try bench.database("UPDATE t SET id = id + 0.0; UPDATE t SET a = 'n' WHERE id = 1")
    #expect(await bench.run().counts.changed == 1)
    #expect(Set(bench.arrivals()) == ["moved 1", "changed 1.0"])
  }

  @Test func `of rows with one key the one that the snapshot holds counts`() async throws {
    let bench = try bench("(1, 'x')")
    await bench.run()
    _ = bench.arrivals()
    try bench.database(
      "DELETE FROM t; INSERT INTO t VALUES ('1', 'other'), (1.0, 'x'), (1, 'third')"
    )
    let report = await bench.run()
    #expect(report.counts.unchanged == 1 && report.counts.changed == 0)
    #expect(report.counts.invalid == 2 && report.counts.removed == 0)
    #expect(bench.arrivals() == [])
    try bench.database("DELETE FROM t WHERE a = 'x'")
    await bench.run()
    #expect(bench.values() == [#"{"id":"1","a":"other"}"#])
  }

  @Test func `texts with leading zeros are keys of their own`() async throws {
    let bench = try bench("('7', 'x'), ('07', 'y'), ('7.0', 'z')")
    bench.types = ["id": .text]
    #expect(await bench.run().counts.added == 3)
    bench.types = ["id": .numeric]
    #expect(await bench.run().counts.invalid == 2)
  }

  @Test(arguments: [
    ("1.0", "'1.0'"), ("'1.0'", "1.0"), ("1", "'1.0'"), ("2.5", "'2.5'"), ("1e20", "'1e+20'"),
    ("-3.0", "'-3.0'"), ("0.00001", "'1e-05'"), ("x'61'", "'a'"), ("'a' || char(9)", "x'6109'"),
    ("x'5c'", "'\\'"), ("x'31'", "1"), ("x'312e30'", "1.0"), ("''", "x''"),
    ("9e999", "'Infinity'"),
  ])
  func `rows whose keys differ only in their storage class are one row`(
    first: String,
    second: String
  ) async throws {
    let bench = try bench("(\(first), 'x')")
    bench.sync.removed.body = .tombstone
    bench.sync.guards[.maxRemoved] = .percent(100)
    await bench.run()
    try bench.database("INSERT INTO t VALUES (\(second), 'y')")
    let report = await bench.run()
    #expect(report.counts.invalid == 1 && report.counts.unchanged == 1, "\(report.counts)")
    // The one that goes is not missed: the other one takes its place.
    try bench.database("DELETE FROM t WHERE a = 'x'")
    #expect(await bench.run().counts.changed == 1)
    let folded = bench.sink.takeMessages().reduce(into: [String: String?]()) { topic, message in
      topic[message.key ?? ""] = .some(message.value)
    }
    #expect(folded.values.contains { $0?.contains(#""a":"y""#) == true }, "\(folded)")
  }

  @Test func `texts that no number is written as are keys of their own`() async throws {
    let bench = try bench(
      "('7', 1), ('07', 2), ('07.0', 3), ('7.00', 4), ('+7.0', 5), ('a.0', 6), ('1.2.0', 7), "
        + "('7e1', 8), ('x-10', 9), ('2024-01-10', 10), ('', 11), ('.0', 12), ('-0', 13)"
    )
    #expect(await bench.run().counts.added == 13)
  }

  @Test func `a state whose hashes were made another way continues without a message`() async throws
  {
    let bench = try bench("(1, 'x'), (2, 'y')")
    await bench.run()
    _ = bench.arrivals()
    try bench.state(
      """
      UPDATE meta SET value = substr(value, 3) WHERE name = 'basis';
      UPDATE segment SET entries = zeroblob(length(entries));
      """
    )
    let report = await bench.run()
    #expect(report.counts.unchanged == 2 && report.counts.read == 2)
    #expect(bench.arrivals() == [])
  }

  @Test func `rows of an older version that are one key now are not removed`() async throws {
    let bench = try bench("(1, 'x'), (2, 'y')")
    await bench.run()
    // As if 1 and '1' had been two rows.
    try bench.database("INSERT INTO t VALUES (3, 'z')")
    await bench.run()
    _ = bench.arrivals()
    try bench.database("UPDATE t SET id = CASE id WHEN 3 THEN '1' ELSE id END")
    bench.types = ["id": .text]
    bench.sync.removed.body = .tombstone
    try bench.state("UPDATE meta SET value = 'old' WHERE name = 'basis'")
    try bench.state(
      "INSERT INTO segment SELECT 900, batch, shape, rows, entries, settings FROM segment WHERE number = 1;"
        + "INSERT INTO records SELECT 900, data, columns FROM records WHERE segment = 1"
    )
    let report = await bench.run()
    #expect(report.counts.removed == 1)
    #expect(bench.arrivals() == ["removed 3"])
    await bench.run()
    #expect(bench.arrivals() == [])
  }

  struct Retyping: Sendable, CustomTestStringConvertible {
    var before: String
    var after: String
    var testDescription: String { "\(before) to \(after)" }
  }

  @Test(
    .enabled(if: PostgresCluster.shared != nil),
    arguments: [
      Retyping(before: "numeric(10,0)", after: "numeric(10,2)"),
      Retyping(before: "integer", after: "text"), Retyping(before: "text", after: "bigint"),
      Retyping(before: "integer", after: "double precision"),
      Retyping(before: "numeric(10,2)", after: "integer"),
    ]
  ) func `a retyped key of Postgres sends nothing, and removals reach the old keys`(
    _ types: Retyping
  ) async throws {
    let postgres = try PostgresBench(
      "CREATE TABLE t (id \(types.before) PRIMARY KEY, a text);"
        + "INSERT INTO t VALUES (1, 'x'), (20, 'y'), (300, 'z')"
    )
    let bench = postgres.bench
    bench.each { $0.key = Located(.primaryKey) }
    bench.sync.guards[.maxRemoved] = .percent(100)
    bench.sync.removed.body = .tombstone
    await postgres.run("SELECT * FROM t")
    let keys = bench.sink.takeMessages().compactMap(\.key)
    // Another column at the same time counts from the next run on.
    postgres.sql(
      "ALTER TABLE t ALTER id TYPE \(types.after) USING id::\(types.after), ADD b integer DEFAULT 1"
    )
    let report = await postgres.run()
    #expect(report.counts.unchanged == 3 && report.counts.sent == 0)
    postgres.sql("UPDATE t SET b = 2 WHERE a = 'x'")
    #expect(await postgres.run().counts.changed == 1)
    _ = bench.sink.takeMessages()
    postgres.sql("DELETE FROM t WHERE a <> 'x'")
    await postgres.run()
    #expect(bench.arrivals() == keys[1...].map { "removed \($0)" })
  }
}

extension Bench {
  /// Changes the state behind Sluice's back.
  func state(_ sql: String) throws {
    try SQLiteConnection(path: statePath, mode: .readWrite).execute(sql)
  }
}
