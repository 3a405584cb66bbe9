import Foundation
import Rows
import SQLite
import Testing

@Suite final class SQLiteReaderTests {
  private let folder: String
  private var path: String { folder + "/a ?#% ä.db" }

  init() throws {
    folder = NSTemporaryDirectory() + "sluice-sqlite-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func database(_ sql: String) throws {
    try SQLiteConnection(path: path, mode: .create).execute(sql)
  }

  private func lines(_ sql: String) async throws -> [String] {
    let reader = try SQLiteReader(path: path)
    _ = try await reader.prepare(sql)
    let page = Page()
    var lines: [String] = []
    while try await reader.read(into: page) {
      lines += (0..<page.count).map { String(decoding: page.line($0), as: UTF8.self) }
    }
    return lines
  }

  @Test func `a field that is not NULL begins with its storage class`() async throws {
    try database("CREATE TABLE t (a)")
    let found = try await lines(
      "SELECT 1, -1.5, 'a' || char(9, 10, 13, 92), x'00ff', NULL, '', x'', 1e300, 9e999, '\\N', 0.1"
    )
    #expect(
      found == ["i1\tr-1.5\tta\\t\\n\\r\\\\\tb00ff\t\\N\tt\tb\tr1e+300\trInfinity\tt\\\\N\tr0.1"]
    )
  }

  @Test func `a page holds so many rows, and less where they are long`() async throws {
    try database("CREATE TABLE t (a)")
    let reader = try SQLiteReader(path: path)
    _ = try await reader.prepare(
      "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10)"
        + " SELECT i, hex(zeroblob(CASE WHEN i > 5 THEN 600000 END)) FROM n"
    )
    let page = Page()
    var counts: [Int] = []
    while try await reader.read(into: page, lineCountMax: 4) { counts.append(page.count) }
    #expect(counts == [4, 2, 1, 1, 1, 1])
    #expect(try await reader.read(into: page) == false)
    #expect(page.count == 0)
  }

  @Test func `a file that is not there is not made`() {
    let error = #expect(throws: SQLiteError.self) {
      try SQLiteReader(path: self.folder + "/none.db")
    }
    #expect(error?.code == .cannotOpen)
    #expect(!FileManager.default.fileExists(atPath: folder + "/none.db"))
  }

  @Test func `a file that is not a database, a folder and a missing file are told apart`()
    throws
  {
    try Data(repeating: 65, count: 4096).write(to: URL(fileURLWithPath: path))
    #expect(throws: SQLiteError.self) { try SQLiteReader(path: self.path) }
    #expect(throws: SQLiteError.self) { try SQLiteReader(path: self.folder) }
  }

  @Test func `a full text index can be read, and its tables' functions`() async throws {
    try database(
      "CREATE VIRTUAL TABLE notes USING fts5(body); INSERT INTO notes VALUES ('a fat cat');"
        + "CREATE VIRTUAL TABLE boxes USING rtree(id, a, b); INSERT INTO boxes VALUES (1, 0, 5);"
    )
    #expect(
      try await lines("SELECT rowid, body FROM notes WHERE notes MATCH 'cat'") == [
        "i1\tta fat cat"
      ]
    )
    #expect(try await lines("SELECT id FROM boxes WHERE b > 4") == ["i1"])
    await #expect(throws: SQLiteError.self) {
      try await self.lines("SELECT load_extension('x')")
    }
    await #expect(throws: SQLiteError.self) { try await self.lines("DELETE FROM boxes") }
    #expect(try await lines("SELECT value FROM json_each('[1,\"x\"]')") == ["i1", "tx"])
  }

  @Test(
    arguments: [
      "DELETE FROM t", "INSERT INTO t VALUES (1) RETURNING a", "PRAGMA user_version",
      "PRAGMA query_only = 0", "ATTACH 'x.db' AS x", "CREATE TABLE u (a)", "VACUUM", "COMMIT",
      "UPDATE sqlite_master SET name = 'x'", "PRAGMA writable_schema = 1",
      "SELECT 1; SELECT 2", "SELECT 1;; SELECT 2", "SELECT 1; garbage", "", " ; ", "-- c",
      "SELECT ?", "SELECT :name", "SELECT $x", "SELECT 1\0", "SELEC 1", "SELECT nope FROM t",
    ]
  )
  func `anything but a query for reading is refused`(sql: String) async throws {
    try database("CREATE TABLE t (a); INSERT INTO t VALUES (1)")
    let reader = try SQLiteReader(path: path)
    let error = await #expect(throws: SQLiteError.self) { try await reader.prepare(sql) }
    #expect(error?.code == .statement)
  }

  @Test(arguments: ["SELECT 1;", "SELECT 1 -- c;", "SELECT 1;;  ;", "SELECT 1; /* ; */ -- ;\n"])
  func `what follows the query may be blanks, comments and semicolons`(sql: String) async throws {
    try database("CREATE TABLE t (a)")
    #expect(try await lines(sql) == ["i1"])
  }

  @Test func `the rows are those of one moment, whatever is written meanwhile`() async throws {
    try database("PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES (1)")
    let reader = try SQLiteReader(path: path)
    try database("INSERT INTO t VALUES (2)")
    _ = try await reader.prepare("SELECT a FROM t")
    let page = Page()
    #expect(try await reader.read(into: page))
    #expect(page.count == 1)
  }

  @Test func `an interruption stops the query`() async throws {
    try database("CREATE TABLE t (a)")
    let reader = try SQLiteReader(path: path)
    _ = try await reader.prepare(
      "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    )
    let reading = Task {
      await #expect(throws: SQLiteError.self) { try await reader.read(into: Page()) }
    }
    let interrupting = Task {
      while !Task.isCancelled {
        reader.interruption.interrupt()
        await Task.yield()
      }
    }
    #expect(await reading.value?.code == .interrupted)
    interrupting.cancel()
  }
}
