internal import Text
internal import CSQLite

internal import Blocking
public import Rows

/// Reads the result of one query from one SQLite database, from a thread of its own.
///
/// The query runs in one read transaction of a connection that can only read.
public actor SQLiteReader {
  private let executor: ThreadExecutor
  private let connection: SQLiteConnection
  private var statement: SQLiteStatement?

  /// The thread this reader lives on.
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  /// Stops a running query, from any thread.
  public nonisolated let interruption: SQLiteInterruption

  /// Opens the database at `path`, which must exist.
  ///
  /// Throws if it does not, cannot be opened, or is not a database.
  public init(path: String, isImmutable: Bool = false) throws(SQLiteError) {
    let connection = try SQLiteConnection(
      path: path,
      mode: .readOnly(isImmutable: isImmutable)
    )
    try connection.execute("PRAGMA query_only = 1; BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1")
    Self.connectVirtualTables(of: connection)
    connection.allowOnlyQueries()
    self.connection = connection
    interruption = connection.interrupter
    executor = ThreadExecutor()
  }

  // Not isolated: Swift 6.3 cannot compile optimized users of an actor with an isolated deinit
  // ("circular reference"). What is left to do when it closes does not block.
  deinit {
    executor.stop()
  }

  /// Compiles `sql`, which must be one query, and returns the names of its columns.
  ///
  /// Throws if it is not, or would write.
  public func prepare(_ sql: String) throws(SQLiteError) -> [String] {
    if sql.utf8.contains(0) {
      throw SQLiteError(code: .statement, message: "the query holds a NUL byte")
    }
    let statement = try connection.prepare(sql)
    try refuseSecondStatement(statement.rest, of: sql)
    if statement.columnCount == 0 {
      throw SQLiteError(code: .statement, message: "the query returns no columns")
    }
    if statement.parameterCount > 0 {
      throw SQLiteError(code: .statement, message: "the query has parameters such as ?")
    }
    self.statement = statement
    return (0..<statement.columnCount).map(statement.columnName)
  }

  /// Fills `page` with the next rows; returns false, with an empty page, after the last row.
  ///
  /// A page holds up to `lineCountMax` rows, fewer where they are long (some 1 MiB).
  /// Throws if the query fails midway; the rows of the page are then of no use.
  public func read(into page: Page, lineCountMax: Int = 4096) throws(SQLiteError) -> Bool {
    var lines = Page.Lines()
    page.exchange(&lines)
    defer { page.exchange(&lines) }
    lines.removeAll()
    guard let statement else { return false }
    let columnCount = statement.columnCount
    while lines.count < lineCountMax, lines.bytes.count < 1 << 20 {
      guard try statement.step() else {
        self.statement = nil
        break
      }
      Self.append(statement, columnCount, to: &lines)
    }
    return lines.count > 0
  }

  /// Makes `page` the whole result of `sql`, in the open transaction; for few rows.
  ///
  /// Throws if SQLite refuses the query or it fails.
  public func query(_ sql: String, into page: Page) throws(SQLiteError) {
    var lines = Page.Lines()
    page.exchange(&lines)
    defer { page.exchange(&lines) }
    lines.removeAll()
    let statement = try connection.prepare(sql)
    try refuseSecondStatement(statement.rest, of: sql)
    let columnCount = statement.columnCount
    while try statement.step() { Self.append(statement, columnCount, to: &lines) }
  }

  @inline(__always)
  private static func append(
    _ statement: SQLiteStatement,
    _ columnCount: Int,
    to lines: inout Page.Lines
  ) {
    for column in 0..<columnCount {
      if column > 0 { lines.bytes.append(UInt8(ascii: "\t")) }
      SQLiteField.append(statement.pointer, Int32(column), to: &lines.bytes)
    }
    lines.endLine()
  }

  /// Meets every virtual table once while statements are not judged yet: an R-tree or a full text
  /// index then compiles what it would write with, which it never runs here.
  private static func connectVirtualTables(of connection: SQLiteConnection) {
    let listing = try? connection.prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%'"
    )
    var names: [String] = []
    while let listing, (try? listing.step()) == true { names.append(listing.text(0) ?? "") }
    for name in names {
      // One whose module is missing matters only to a query that reads it, which then says so.
      _ = try? connection.prepare("SELECT 1 FROM \(SQLText.name(name))")
    }
  }

  private func refuseSecondStatement(_ rest: String, of sql: String) throws(SQLiteError) {
    // What is left may be comments; only a compiler can tell.
    do {
      _ = try connection.prepare(rest)
    } catch let error {
      if error.message == "the text holds no statement" { return }
    }
    throw SQLiteError(
      code: .statement,
      message: "the model holds more than one statement",
      offset: sql.utf8.count - rest.utf8.count
    )
  }
}
