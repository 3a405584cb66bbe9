import Connections
import Sync
import Foundation
import Reports
import SQLite
import Settings
import Testing

@Suite struct SQLiteTroubleTests {
  @Test func `a database that is locked is waited for, then named`() async throws {
    let bench = try Bench("CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)")
    let other = try SQLiteConnection(path: bench.databasePath, mode: .readWrite)
    try other.execute("BEGIN EXCLUSIVE")
    let report = await bench.run()
    #expect(report.outcome == .failed)
    #expect(report.error?.message.contains("locked") == true)
    #expect(report.error?.hint?.contains("lock") == true)
    try other.execute("COMMIT")
    #expect(await bench.run().counts.sent == 1)
  }

  @Test func `a missing file, a folder, no database and a damaged one fail with the path`()
    async throws
  {
    let bench = try Bench()
    #expect(await bench.run().outcome == .failed)
    #expect(!FileManager.default.fileExists(atPath: bench.databasePath))
    try Data(repeating: 65, count: 8192).write(to: URL(fileURLWithPath: bench.databasePath))
    let garbage = await bench.run()
    #expect(garbage.outcome == .failed)
    #expect(garbage.error?.message.contains("shop.db: file is not a database") == true)
    #expect(garbage.error?.hint?.contains("integrity_check") == true)
    try FileManager.default.removeItem(atPath: bench.databasePath)
    try bench.database(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a);"
        + "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
        + "INSERT INTO t SELECT i, hex(randomblob(200)) FROM n"
    )
    #expect(await bench.run().counts.sent == 2000)
    _ = bench.arrivals()
    let file = try #require(FileHandle(forUpdatingAtPath: bench.databasePath))
    try file.truncate(atOffset: 40960)
    let damaged = await bench.run()
    #expect(damaged.outcome == .failed)
    #expect(bench.arrivals() == [])
  }

  @Test func `a WAL database whose folder cannot be written says so`() async throws {
    let bench = try Bench("PRAGMA journal_mode = WAL; CREATE TABLE t (id INTEGER PRIMARY KEY)")
    try bench.database("INSERT INTO t VALUES (1)")
    // What stops even root from making the file that readers of WAL share.
    let shared = bench.databasePath + "-shm"
    try FileManager.default.createSymbolicLink(atPath: shared, withDestinationPath: shared)
    let report = await bench.run()
    #expect(report.outcome == .failed)
    #expect(report.error?.message.contains("unable to open database file") == true)
    #expect(report.error?.hint?.contains("WAL mode needs a writable folder") == true)
    let source = SQLiteSource(name: "shop", path: bench.databasePath, isImmutable: true)
    #expect(await bench.run(source: source).counts.sent == 1)
  }

  @Test func `an immutable database is read without locks`() async throws {
    let bench = try Bench("CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)")
    let other = try SQLiteConnection(path: bench.databasePath, mode: .readWrite)
    try other.execute("BEGIN EXCLUSIVE")
    let source = SQLiteSource(name: "shop", path: bench.databasePath, isImmutable: true)
    #expect(await bench.run(source: source).counts.sent == 1)
    try other.execute("COMMIT")
  }

  @Test func `a value of 10 MB arrives whole`() async throws {
    let bench = try Bench(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a, b);"
        + "INSERT INTO t VALUES (1, hex(zeroblob(5000000)), zeroblob(300000))"
    )
    let report = await bench.run()
    #expect(report.outcome == .done)
    let value = bench.values().first ?? ""
    #expect(value.utf8.count == #"{"id":1,"a":"","b":""}"#.utf8.count + 10_000_000 + 400_000)
    #expect(await bench.run().counts.unchanged == 1)
  }

  @Test func `keys of every storage class are keys, written alike they are one`() async throws {
    let bench = try Bench(
      "CREATE TABLE t (id, n); INSERT INTO t VALUES (1, 'a'), ('1', 'b'), (1.5, 'c'),"
        + "(x'31', 'd'), (x'', 'e'), ('', 'f'), ('a' || char(9) || 'b', 'g'), (NULL, 'h')"
    )
    bench.sql = "SELECT id, n FROM t ORDER BY n"
    let report = await bench.run()
    #expect(report.counts.sent == 4)
    #expect(report.counts.invalid == 4)
    let keys = bench.sink.takeMessages().map(\.key)
    #expect(keys == ["1", "1.5", nil, "a\tb"])
    #expect(await bench.run().counts.unchanged == 4)
    // The rows that are left have the keys of those that went.
    try bench.database("DELETE FROM t WHERE typeof(id) = 'blob'")
    let after = await bench.run()
    #expect(after.counts.removed == 0)
    #expect(after.counts.changed == 1)
  }

  @Test func `a NUL byte in a text, a key and a header is kept`() async throws {
    let bench = try Bench("CREATE TABLE t (id, a)")
    bench.each { $0.headers = [HeaderForm(name: "h", value: Located(.column("a")))] }
    bench.sql = "SELECT CAST(x'610062' AS TEXT) AS id, CAST(x'00' AS TEXT) AS a"
    await bench.run()
    let message = try #require(bench.sink.takeMessages().first)
    #expect(message.key == "a\0b")
    #expect(message.headers["h"] == "\0")
    #expect(message.value == #"{"id":"a\u0000b","a":"\u0000"}"#)
  }

  @Test func `text that is not UTF-8 rejects its row in a key and a header too`() async throws {
    let bench = try Bench(
      "CREATE TABLE t (id INTEGER, a); INSERT INTO t VALUES (1, CAST(x'c3' AS TEXT)), (2, 'é')"
    )
    bench.each {
      $0.key = Located(.column("a"))
      $0.body = .columns([Located("id")])
    }
    let report = await bench.run()
    #expect(report.counts.rejected == 1)
    #expect(bench.arrivals() == ["added é"])
  }

  @Test func `a database in UTF-16 arrives as UTF-8`() async throws {
    let bench = try Bench(
      "PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (id INTEGER PRIMARY KEY, a);"
        + "INSERT INTO t VALUES (1, 'ä😀')"
    )
    await bench.run()
    #expect(bench.values() == [#"{"id":1,"a":"ä😀"}"#])
  }

  @Test func `a query that fails on a value is a failure, not a wrong model`() async throws {
    let bench = try Bench("CREATE TABLE t (id); INSERT INTO t VALUES (1)")
    bench.sql = "SELECT id, abs(-9223372036854775807 - id) AS a FROM t"
    #expect(await bench.run().outcome == .failed)
  }

  @Test func `values that do not fit their cast reject their rows, the others go`() async throws {
    let bench = try Bench(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a);"
        + "INSERT INTO t VALUES (1, '7'), (2, 'seven'), (3, NULL), (4, 7.5), (5, 7.0)"
    )
    bench.types = ["a": .integer]
    let report = await bench.run()
    #expect(report.counts.rejected == 2)
    #expect(
      bench.values()
        == [7, nil, 7].enumerated().map { index, a in
          #"{"id":\#(index * 2 + 1),"a":\#(a.map(String.init) ?? "null")}"#
        }
    )
    #expect(await bench.run().counts.rejected == 2)
    #expect(bench.values() == [])
  }
}
