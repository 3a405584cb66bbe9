internal import CSQLite

/// One compiled statement of a connection, which it keeps open.
public final class SQLiteStatement {
  let pointer: OpaquePointer
  private let connection: SQLiteConnection
  /// What follows the statement in the text that it was compiled from.
  public let rest: String

  init(_ sql: String, in connection: SQLiteConnection) throws(SQLiteError) {
    var pointer: OpaquePointer?
    var consumed = 0
    let code = sql.withCString { text in
      var tail: UnsafePointer<CChar>?
      let code = sqlite3_prepare_v2(connection.handle.pointer, text, -1, &pointer, &tail)
      consumed = tail.map { $0 - text } ?? 0
      return code
    }
    if code != SQLITE_OK { throw connection.handle.error(code) }
    guard let pointer else {
      throw SQLiteError(code: .statement, message: "the text holds no statement")
    }
    self.pointer = pointer
    self.connection = connection
    rest = String(decoding: sql.utf8.dropFirst(consumed), as: UTF8.self)
  }

  deinit {
    sqlite3_finalize(pointer)
  }

  /// Binds parameter `index`, from 1; nil is NULL.
  public func bind(_ index: Int, _ value: Int?) {
    guard let value else { return bindNull(index) }
    sqlite3_bind_int64(pointer, Int32(index), Int64(value))
  }

  /// Binds parameter `index`, from 1; nil is NULL.
  public func bind(_ index: Int, _ text: String?) {
    guard var text else { return bindNull(index) }
    text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { bytes in
        _ = sqlite3_bind_text(pointer, Int32(index), bytes.baseAddress, Int32(bytes.count), copied)
      }
    }
  }

  /// Binds parameter `index`, from 1, to a copy of `bytes`.
  public func bind(_ index: Int, _ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress else {
      sqlite3_bind_zeroblob(pointer, Int32(index), 0)
      return
    }
    sqlite3_bind_blob64(pointer, Int32(index), base, UInt64(bytes.count), copied)
  }

  /// Binds parameter `index`, from 1, to NULL.
  public func bindNull(_ index: Int) {
    sqlite3_bind_null(pointer, Int32(index))
  }

  /// Steps once, and says whether there is a row.
  ///
  /// Throws if SQLite cannot run it, or a lock is not free in time.
  public func step() throws(SQLiteError) -> Bool {
    switch sqlite3_step(pointer) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code: throw connection.handle.error(code)
    }
  }

  /// Runs the statement to its end and makes it ready to be run again.
  ///
  /// Throws if SQLite cannot run it, or a lock is not free in time.
  public func run() throws(SQLiteError) {
    defer { reset() }
    while try step() {}
  }

  /// Makes the statement ready to be run again; bindings stay.
  public func reset() {
    sqlite3_reset(pointer)
  }

  /// Number of parameters such as `?`.
  public var parameterCount: Int { Int(sqlite3_bind_parameter_count(pointer)) }

  /// Number of columns of a row.
  public var columnCount: Int { Int(sqlite3_column_count(pointer)) }

  /// Name of column `index`, from 0.
  public func columnName(_ index: Int) -> String {
    sqlite3_column_name(pointer, Int32(index)).map { String(cString: $0) } ?? ""
  }

  /// Integer in column `index`, from 0; 0 for NULL.
  public func integer(_ index: Int) -> Int {
    Int(sqlite3_column_int64(pointer, Int32(index)))
  }

  /// Text in column `index`, from 0; nil for NULL.
  public func text(_ index: Int) -> String? {
    isNull(index) ? nil : String(decoding: bytes(index), as: UTF8.self)
  }

  /// Bytes of column `index`, from 0, valid until the next step.
  public func bytes(_ index: Int) -> UnsafeRawBufferPointer {
    let base = sqlite3_column_blob(pointer, Int32(index))
    return UnsafeRawBufferPointer(
      start: base,
      count: Int(sqlite3_column_bytes(pointer, Int32(index)))
    )
  }

  /// Whether column `index`, from 0, is NULL.
  public func isNull(_ index: Int) -> Bool {
    sqlite3_column_type(pointer, Int32(index)) == SQLITE_NULL
  }
}

/// Tells SQLite to copy what is bound: `SQLITE_TRANSIENT`, which Swift does not import.
private let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
