internal import Text
internal import CSQLite

/// Sole owner of one `sqlite3 *`.
struct SQLiteHandle: ~Copyable {
  let pointer: OpaquePointer

  init(path: String, mode: SQLiteConnection.Mode) throws(SQLiteError) {
    var pointer: OpaquePointer?
    let code = sqlite3_open_v2(
      Self.uri(path, mode: mode),
      &pointer,
      Self.flags(mode) | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
      nil
    )
    guard code == SQLITE_OK, let pointer else {
      // SQLite hands back a handle even when opening fails: it must be closed.
      defer { sqlite3_close_v2(pointer) }
      throw Self.error(code, of: pointer)
    }
    self.pointer = pointer
  }

  deinit {
    sqlite3_close_v2(pointer)
  }

  func error(_ code: Int32) -> SQLiteError { Self.error(code, of: pointer) }

  private static func error(_ code: Int32, of connection: OpaquePointer?) -> SQLiteError {
    let offset = connection.map { Int(sqlite3_error_offset($0)) } ?? -1
    return SQLiteError(
      code: kind(of: code),
      extendedCode: code,
      message: connection.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory",
      offset: offset >= 0 ? offset : nil
    )
  }

  private static func kind(of code: Int32) -> SQLiteError.Code {
    switch code & 0xFF {
    case SQLITE_CANTOPEN, SQLITE_PERM: .cannotOpen
    case SQLITE_BUSY, SQLITE_LOCKED: .busy
    case SQLITE_READONLY: .readOnly
    case SQLITE_CORRUPT, SQLITE_NOTADB: .damaged
    case SQLITE_FULL: .diskFull
    case SQLITE_IOERR: .inputOutput
    case SQLITE_INTERRUPT: .interrupted
    case SQLITE_ERROR, SQLITE_AUTH: .statement
    default: .other
    }
  }

  private static func flags(_ mode: SQLiteConnection.Mode) -> Int32 {
    switch mode {
    case .readOnly: SQLITE_OPEN_READONLY
    case .readWrite: SQLITE_OPEN_READWRITE
    case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    }
  }

  private static func uri(_ path: String, mode: SQLiteConnection.Mode) -> String {
    var text = "file:"
    for byte in path.utf8 {
      let isPlain = byte > 0x20 && byte < 0x7F && !"%?#".utf8.contains(byte)
      text += String(decoding: isPlain ? [byte] : PercentEncoding.octet(byte), as: UTF8.self)
    }
    if case .readOnly(isImmutable: true) = mode { text += "?immutable=1" }
    return text
  }
}
