internal import Rows
internal import SQLite

/// The SQLite database of one state: statements whose errors name the file.
///
/// Used by one thread at a time.
final class StateDatabase {
  /// Path of the state; that of the original for a copy.
  let path: String
  private let connection: SQLiteConnection
  /// Whether a commit may leave the disk to a later one: only in a write-ahead log, and if commits are
  /// durable at all.
  var mayFlushLater = false

  /// Takes over `connection`, which nobody else uses.
  init(_ connection: SQLiteConnection, path: String) {
    self.connection = connection
    self.path = path
  }

  /// Compiles the first statement of `sql`.
  func prepare(_ sql: String) throws(StateError) -> StateStatement {
    try StateStatement(named { () throws(SQLiteError) in try connection.prepare(sql) }, path: path)
  }

  /// Runs the statements of `sql` one after the other, without results.
  func execute(_ sql: String) throws(StateError) {
    try named { () throws(SQLiteError) in try connection.execute(sql) }
  }

  /// Runs `body` in a transaction that is rolled back when it throws.
  ///
  /// Without `isDurable` it may be on the disk only when a later one is: a crash of the machine undoes
  /// it then, and nothing else does.
  func transaction<Result>(
    isReading: Bool = false,
    isDurable: Bool = true,
    _ body: () throws(StateError) -> Result
  ) throws(StateError) -> Result {
    let flushesLater = mayFlushLater && !isDurable
    if flushesLater { try execute("PRAGMA synchronous = NORMAL") }
    defer { if flushesLater { try? execute("PRAGMA synchronous = FULL") } }
    let path = path
    return try connection.transaction(
      isReading: isReading,
      naming: { StateError($0, path: path) },
      body
    )
  }

  /// The integer that `sql` selects.
  func integer(_ sql: String) throws(StateError) -> Int {
    try named { () throws(SQLiteError) in try connection.integer(sql) }
  }

  /// The number after the highest in `table`.
  func next(_ table: String) throws(StateError) -> Int {
    try integer("SELECT coalesce(max(number), 0) + 1 FROM \(table)")
  }

  /// What to throw if the file holds something that no Sluice writes.
  func damage(_ message: String) -> StateError {
    StateError(
      code: .damaged,
      path: path,
      message: message,
      hint: "put back a copy of the file, or `sluice reset` and backfill again"
    )
  }

  private func named<Result>(
    _ body: () throws(SQLiteError) -> Result
  ) throws(StateError) -> Result {
    do { return try body() } catch { throw StateError(error, path: path) }
  }
}

/// One compiled statement of a state.
struct StateStatement {
  private let statement: SQLiteStatement
  private let path: String

  fileprivate init(_ statement: SQLiteStatement, path: String) {
    self.statement = statement
    self.path = path
  }

  /// Steps once, and says whether there is a row.
  func step() throws(StateError) -> Bool {
    do { return try statement.step() } catch { throw StateError(error, path: path) }
  }

  /// Runs the statement to its end and makes it ready to be run again.
  func run() throws(StateError) {
    do { try statement.run() } catch { throw StateError(error, path: path) }
  }

  /// Binds parameter `index`, from 1; nil is NULL.
  func bind(_ index: Int, _ value: Int?) { statement.bind(index, value) }

  /// Binds parameter `index`, from 1, to NULL.
  func bindNull(_ index: Int) { statement.bindNull(index) }

  /// Binds parameter `index`, from 1; nil is NULL.
  func bind(_ index: Int, _ text: String?) { statement.bind(index, text) }

  /// Binds parameter `index`, from 1, to a copy of `bytes`; nil is NULL.
  func bind(_ index: Int, _ bytes: [UInt8]?) {
    guard let bytes else { return statement.bindNull(index) }
    bytes.withUnsafeBytes { statement.bind(index, $0) }
  }

  /// Binds parameter `index`, from 1, to a copy of `bytes`; nil is NULL.
  func bind(_ index: Int, _ bytes: UnsafeRawBufferPointer?) {
    if let bytes { statement.bind(index, bytes) } else { statement.bindNull(index) }
  }

  /// Binds parameter `index`, from 1, to a copy of `entries`.
  func bind(_ index: Int, _ entries: ArraySlice<Entry>) {
    entries.withUnsafeBytes { statement.bind(index, $0) }
  }

  /// Integer in column `index`, from 0; 0 for NULL.
  func integer(_ index: Int) -> Int { statement.integer(index) }

  /// Text in column `index`, from 0; nil for NULL.
  func text(_ index: Int) -> String? { statement.text(index) }

  /// How many columns a row has.
  var columnCount: Int { statement.columnCount }

  /// Bytes of column `index`, from 0, valid until the next step.
  func bytes(_ index: Int) -> UnsafeRawBufferPointer { statement.bytes(index) }

  /// Whether column `index`, from 0, is NULL.
  func isNull(_ index: Int) -> Bool { statement.isNull(index) }
}
