internal import CPostgres
internal import Tracing

/// Sole owner of one `PGconn *`.
struct ConnectionHandle: ~Copyable {
  let pointer: OpaquePointer

  init(_ parameters: [(keyword: String, value: String)]) throws(PostgresError) {
    for (keyword, value) in parameters where keyword == "dbname" {
      try Self.checkConnectionString(value)
    }
    let pointer = Self.withCStrings(parameters.map(\.keyword)) { keywords in
      Self.withCStrings(parameters.map(\.value)) { values in
        PQconnectdbParams(keywords, values, 1)
      }
    }
    guard let pointer else {
      throw PostgresError(code: .connection, message: "out of memory")
    }
    guard PQstatus(pointer) == CONNECTION_OK else {
      defer { PQfinish(pointer) }
      throw Self.loginError(pointer)
    }
    self.pointer = pointer
    // Notices would go to standard error, where only Sluice's own lines belong.
    PQsetNoticeProcessor(pointer, { _, _ in }, nil)
  }

  deinit {
    PQfinish(pointer)
  }

  /// Runs `sql`, and throws unless its result has `status`.
  func execute(
    _ sql: String,
    expecting status: ExecStatusType = PGRES_COMMAND_OK
  ) throws(PostgresError) -> ResultHandle {
    Trace.current("postgres", sql)
    return try check(ResultHandle(PQexec(pointer, sql)), status)
  }

  /// Runs `sql` with text parameters, and throws unless it returns rows.
  func query(_ sql: String, _ parameters: [String]) throws(PostgresError) -> ResultHandle {
    let list = parameters.isEmpty ? "" : " (\(parameters.joined(separator: ", ")))"
    Trace.current("postgres", sql + list)
    let result = Self.withCStrings(parameters) { values in
      PQexecParams(pointer, sql, Int32(parameters.count), nil, values, nil, nil, 0)
    }
    return try check(ResultHandle(result), PGRES_TUPLES_OK)
  }

  func check(
    _ result: consuming ResultHandle,
    _ status: ExecStatusType
  ) throws(PostgresError) -> ResultHandle {
    if result.status != status { throw error(result) }
    return result
  }

  /// The error that `result` holds, or the connection's own.
  func error(_ result: borrowing ResultHandle) -> PostgresError {
    guard let state = result.field(SLUICE_DIAG_SQLSTATE) else {
      return PostgresError(code: .connection, message: Self.oneLine(PQerrorMessage(pointer)))
    }
    return PostgresError(
      code: Self.code(of: state),
      sqlState: state,
      message: result.field(SLUICE_DIAG_MESSAGE) ?? "the server gave no message",
      detail: result.field(SLUICE_DIAG_DETAIL),
      hint: result.field(SLUICE_DIAG_HINT),
      position: result.field(SLUICE_DIAG_POSITION).flatMap(Int.init).map { $0 - 1 }
    )
  }

  /// Refuses what libpq cannot read: it would show the text, passwords and all.
  private static func checkConnectionString(_ text: String) throws(PostgresError) {
    guard text.contains("=") || text.contains("://") else { return }
    var message: UnsafeMutablePointer<CChar>?
    if let options = PQconninfoParse(text, &message) { return PQconninfoFree(options) }
    defer { PQfreemem(message) }
    // What stands in quotes is a piece of the text, but for single signs that it lacks.
    let parts = oneLine(message).split(separator: "\"", omittingEmptySubsequences: false)
    let told = parts.enumerated().map { $0 % 2 == 1 && $1.utf8.count > 1 ? "…" : $1 }
    throw PostgresError(
      code: .connection,
      message: "the connection string cannot be read: " + told.joined(separator: "\"")
    )
  }

  private static func code(of sqlState: String) -> PostgresError.Code {
    switch sqlState {
    case "57014": .cancelled
    case let state where state.hasPrefix("08") || state.hasPrefix("57P"): .connection
    case let state where state.hasPrefix("28"): .login
    default: .query
    }
  }

  private static func loginError(_ pointer: OpaquePointer) -> PostgresError {
    let message = oneLine(PQerrorMessage(pointer))
    let isLogin =
      message.contains("authentication failed") || message.contains("no pg_hba.conf entry")
      || message.contains("no password supplied") || PQconnectionNeedsPassword(pointer) == 1
    return PostgresError(code: isLogin ? .login : .connection, message: message)
  }

  private static func oneLine(_ text: UnsafeMutablePointer<CChar>?) -> String {
    guard let text else { return "libpq gave no message" }
    return String(cString: text).split(whereSeparator: \.isNewline)
      .map { $0.drop(while: \.isWhitespace) }
      .joined(separator: "; ")
  }

  /// Calls `body` with a list of C strings that ends with NULL.
  private static func withCStrings<Result>(
    _ texts: [String],
    _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
  ) -> Result {
    let buffers = texts.map { text in
      let bytes = UnsafeMutableBufferPointer<CChar>.allocate(capacity: text.utf8.count + 1)
      _ = bytes.initialize(from: text.utf8.map(CChar.init(bitPattern:)) + [0])
      return bytes
    }
    defer { buffers.forEach { $0.deallocate() } }
    return body(buffers.map { UnsafePointer($0.baseAddress) } + [nil])
  }
}

/// Sole owner of one `PGresult *`.
struct ResultHandle: ~Copyable {
  let pointer: OpaquePointer?

  init(_ pointer: OpaquePointer?) {
    self.pointer = pointer
  }

  deinit {
    PQclear(pointer)
  }

  var status: ExecStatusType { PQresultStatus(pointer) }
  var rowCount: Int { Int(PQntuples(pointer)) }

  func text(_ row: Int, _ column: Int) -> String {
    String(cString: PQgetvalue(pointer, Int32(row), Int32(column)))
  }

  func isNull(_ row: Int, _ column: Int) -> Bool {
    PQgetisnull(pointer, Int32(row), Int32(column)) == 1
  }

  func field(_ code: Int) -> String? {
    PQresultErrorField(pointer, Int32(code)).map { String(cString: $0) }
  }
}
