internal import Blocking
internal import CSQLite

/// A connection to one SQLite database, used by one thread at a time.
///
/// Only ``interrupt()`` may be called from another thread.
public final class SQLiteConnection {
  /// How a database is opened.
  public enum Mode: Sendable, Hashable {
    /// For reading; with `isImmutable` without any locking.
    case readOnly(isImmutable: Bool)
    /// For reading and writing an existing file.
    case readWrite
    /// For reading and writing, made when absent.
    case create
  }

  let handle: SQLiteHandle
  private let interruption: SQLiteInterruption

  /// Opens the database at `path`.
  ///
  /// A lock held by others is waited for up to `busyTimeout`.
  /// Throws if there is no such file, it cannot be opened, or is not a database.
  public init(path: String, mode: Mode, busyTimeout: Duration = .seconds(5)) throws(SQLiteError) {
    handle = try SQLiteHandle(path: path, mode: mode)
    interruption = SQLiteInterruption(handle.pointer)
    let milliseconds = busyTimeout.components.seconds * 1000
    sqlite3_busy_timeout(handle.pointer, Int32(clamping: milliseconds))
  }

  deinit {
    // Before the handle closes, so that nobody interrupts a closed connection.
    interruption.end()
  }

  /// Stops the statement that is running, from any thread, also after the connection is closed.
  public var interrupter: SQLiteInterruption { interruption }

  /// Runs the statements of `sql` one after the other, without results.
  ///
  /// Throws what the first statement that fails says.
  public func execute(_ sql: String) throws(SQLiteError) {
    let code = sqlite3_exec(handle.pointer, sql, nil, nil, nil)
    if code != SQLITE_OK { throw handle.error(code) }
  }

  /// Compiles the first statement of `sql`.
  ///
  /// Throws if there is none, or SQLite refuses it.
  public func prepare(_ sql: String) throws(SQLiteError) -> SQLiteStatement {
    try SQLiteStatement(sql, in: self)
  }

  /// The integer that `sql` selects; 0 if it is NULL, or if there is no row.
  ///
  /// Throws if SQLite refuses the statement, or cannot run it.
  public func integer(_ sql: String) throws(SQLiteError) -> Int {
    let statement = try prepare(sql)
    return try statement.step() ? statement.integer(0) : 0
  }

  /// Runs `body` in a transaction that is rolled back when it throws.
  ///
  /// Throws what `body` throws, and what `naming` makes of an error of the transaction's beginning
  /// or end.
  public func transaction<Result, Failure: Error>(
    isReading: Bool = false,
    naming: (SQLiteError) -> Failure,
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    do { try execute(isReading ? "BEGIN" : "BEGIN IMMEDIATE") } catch { throw naming(error) }
    do throws(Failure) {
      let result = try body()
      do { try execute("COMMIT") } catch { throw naming(error) }
      return result
    } catch {
      // A failed COMMIT may have rolled back by itself; then there is nothing left to undo.
      try? execute("ROLLBACK")
      throw error
    }
  }

  /// Makes `copy` hold what this database holds at one moment, in place of what it held.
  ///
  /// Others may write meanwhile: their changes are not in the copy. Linear in the size of the file.
  /// Throws if either file cannot be read or written, or is locked longer than the busy timeout.
  public func write(to copy: SQLiteConnection) throws(SQLiteError) {
    guard
      let backup = sqlite3_backup_init(copy.handle.pointer, "main", handle.pointer, "main")
    else { throw copy.handle.error(sqlite3_extended_errcode(copy.handle.pointer)) }
    let code = sqlite3_backup_step(backup, -1)
    // It also reports the error of the step, and sets it as the copy's.
    let end = sqlite3_backup_finish(backup)
    if code != SQLITE_DONE || end != SQLITE_OK { throw copy.handle.error(code) }
  }

  /// Refuses everything but reading for the statements prepared from now on.
  public func allowOnlyQueries() {
    sqlite3_set_authorizer(
      handle.pointer,
      { _, action, name, _, _, _ in
        switch action {
        // Full text indexes ask for it on their own account; it only tells a number.
        case SQLITE_PRAGMA where name.map { String(cString: $0) } == "data_version": SQLITE_OK
        // So a table-valued function such as json_each declares its columns; a statement that
        // did it would be refused as "may not be modified".
        case SQLITE_UPDATE where name.map { String(cString: $0) } == "sqlite_master": SQLITE_OK
        case SQLITE_SELECT, SQLITE_READ, SQLITE_FUNCTION, SQLITE_RECURSIVE: SQLITE_OK
        default: SQLITE_DENY
        }
      },
      nil
    )
  }

  /// Rows changed by the last INSERT, UPDATE or DELETE.
  public var changes: Int { Int(sqlite3_changes64(handle.pointer)) }
}

/// Stops the running statement of a connection, from any thread.
public final class SQLiteInterruption: Sendable {
  private let monitor = Monitor()
  // Unsafe for the compiler only: every access holds `monitor`.
  nonisolated(unsafe) private var connection: OpaquePointer?

  init(_ connection: OpaquePointer) {
    self.connection = connection
  }

  /// Stops the statement that is running; does nothing once the connection is closed.
  public func interrupt() {
    monitor.withLock { if let connection { sqlite3_interrupt(connection) } }
  }

  func end() {
    monitor.withLock { connection = nil }
  }
}
