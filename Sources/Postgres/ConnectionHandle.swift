internal import CPostgres
internal import Tracing

/// Sole owner of one `PGconn *`.
struct ConnectionHandle: ~Copyable {
  let pointer: OpaquePointer

  /// Ends waits for the server.
  let wakeup: Wakeup

  private let farewell: Farewell

  /// What every connection has unless its parameters say otherwise: no wait is without end.
  static let defaults: [(keyword: String, value: String)] = [
    ("connect_timeout", "30"), ("fallback_application_name", "sluice"),
    ("keepalives_idle", "30"), ("keepalives_interval", "10"), ("keepalives_count", "6"),
    ("tcp_user_timeout", "90000"),
  ]

  init(_ parameters: [(keyword: String, value: String)], _ wakeup: Wakeup) throws(PostgresError) {
    let pointer = try ConnectionAttempt(parameters: parameters, wakeup: wakeup).connect()
    guard PQstatus(pointer) == CONNECTION_OK else {
      defer { PQfinish(pointer) }
      throw Self.loginError(pointer)
    }
    self.pointer = pointer
    self.wakeup = wakeup
    farewell = Farewell()
    // Without a receiver notices would go to standard error, where only Sluice's own lines belong.
    let receiver = Unmanaged.passUnretained(farewell).toOpaque()
    PQsetNoticeReceiver(
      pointer,
      { farewell, notice in
        guard let farewell, let notice else { return }
        Unmanaged<Farewell>.fromOpaque(farewell).takeUnretainedValue().hear(notice)
      },
      receiver
    )
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
    try sent(PQsendQuery(pointer, sql))
    return try check(try result(), status)
  }

  /// Runs `sql` with text parameters, and throws unless it returns rows.
  func query(_ sql: String, _ parameters: [String]) throws(PostgresError) -> ResultHandle {
    let list = parameters.isEmpty ? "" : " (\(parameters.joined(separator: ", ")))"
    Trace.current("postgres", sql + list)
    let count = Int32(parameters.count)
    try sent(
      CStrings.with(parameters) { values in
        PQsendQueryParams(pointer, sql, count, nil, values, nil, nil, 0)
      }
    )
    return try check(try result(), PGRES_TUPLES_OK)
  }

  /// Parses `sql` and gives what it would return.
  func describe(_ sql: String) throws(PostgresError) -> ResultHandle {
    Trace.current("postgres", "prepare: \(sql)")
    try sent(PQsendPrepare(pointer, "", sql, 0, nil))
    _ = try check(try result(), PGRES_COMMAND_OK)
    try sent(PQsendDescribePrepared(pointer, ""))
    return try check(try result(), PGRES_COMMAND_OK)
  }

  private func sent(_ code: Int32) throws(PostgresError) {
    if code != 1 { throw error(ResultHandle(nil)) }
  }

  /// The last result of what was sent; where a COPY begins, that.
  func result() throws(PostgresError) -> ResultHandle {
    var last = ResultHandle(nil)
    while true {
      // Of a connection that broke libpq makes a result as well.
      while PQisBusy(pointer) == 1, try hasInput() {}
      guard let next = PQgetResult(pointer) else { return last }
      // The first error says why: a broken connection adds one without a code.
      if last.status == PGRES_FATAL_ERROR, last.pointer != nil {
        PQclear(next)
        continue
      }
      last = ResultHandle(next)
      if last.status == PGRES_COPY_OUT { return last }
    }
  }

  /// Waits until the server says something; throws when somebody wakes it, and returns false where
  /// the connection broke.
  func hasInput() throws(PostgresError) -> Bool {
    if wakeup.wait(for: PQsocket(pointer)) == .woken {
      throw PostgresError(code: .cancelled, message: "the query was given up")
    }
    return PQconsumeInput(pointer) == 1
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
    PostgresError(result.pointer) ?? farewell.error
      ?? PostgresError(code: .connection, message: Self.oneLine(PQerrorMessage(pointer)))
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
}

/// Lists of C strings, as libpq takes them.
enum CStrings {
  /// Calls `body` with a list of C strings that ends with NULL.
  static func with<Result>(
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
}

/// Why the server ended a connection between two queries.
///
/// libpq takes an error that no query waits for as a notice; the next query then only hears that the
/// connection is closed. libpq calls ``hear(_:)`` on the thread that uses the connection.
private final class Farewell {
  private(set) var error: PostgresError?

  func hear(_ notice: OpaquePointer) {
    guard let severity = PQresultErrorField(notice, Int32(SLUICE_DIAG_SEVERITY)) else { return }
    if ["FATAL", "PANIC"].contains(String(cString: severity)) { error = PostgresError(notice) }
  }
}

extension PostgresError {
  /// The error in a `PGresult *`; nil if it holds none that the server sent.
  fileprivate init?(_ result: OpaquePointer?) {
    func field(_ code: Int) -> String? {
      PQresultErrorField(result, Int32(code)).map { String(cString: $0) }
    }
    guard let state = field(SLUICE_DIAG_SQLSTATE) else { return nil }
    self.init(
      code: Self.code(of: state),
      sqlState: state,
      message: field(SLUICE_DIAG_MESSAGE) ?? "the server gave no message",
      detail: field(SLUICE_DIAG_DETAIL),
      hint: field(SLUICE_DIAG_HINT),
      position: field(SLUICE_DIAG_POSITION).flatMap(Int.init).map { $0 - 1 }
    )
  }

  private static func code(of sqlState: String) -> Code {
    switch sqlState {
    case "57014": .cancelled
    case let state where state.hasPrefix("08") || state.hasPrefix("57P"): .connection
    case let state where state.hasPrefix("28"): .login
    default: .query
    }
  }
}
