import Settings
internal import Text
internal import CPostgres

internal import Blocking
public import Rows
internal import Tracing

/// Reads the result of one query from one Postgres server, from a thread of its own.
///
/// The query runs in one transaction, `READ ONLY` and `REPEATABLE READ`, under settings that make
/// the bytes of an unchanged row the same in every run.
public actor PostgresReader {
  private let executor: ThreadExecutor
  let connection: ConnectionHandle
  private var isCopying = false

  /// The thread this reader lives on.
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  /// Stops a running query, from any thread.
  public nonisolated let cancellation: PostgresCancellation

  /// Connects with libpq's connection keywords; `wakeup` ends this and every later wait.
  ///
  /// Blocks the calling thread until the connection stands or `connect_timeout` (30 s a host
  /// unless said otherwise) has passed. Throws if no server answers or lets the role in.
  public init(
    parameters: [(keyword: String, value: String)],
    wakeup: Wakeup = Wakeup()
  ) throws(PostgresError) {
    // The last mention of a keyword counts.
    connection = try ConnectionHandle(
      ConnectionHandle.defaults + parameters + [(keyword: "client_encoding", value: "UTF8")],
      wakeup
    )
    cancellation = PostgresCancellation(of: connection)
    executor = ThreadExecutor()
  }

  // Not isolated: Swift 6.3 cannot compile optimized users of an actor with an isolated deinit
  // ("circular reference"). What is left to do when it closes does not block.
  deinit {
    executor.stop()
  }

  /// Begins the transaction, sets what is fixed and then `session`, and prepares `sql`.
  ///
  /// The query's locks keep its shape until the transaction ends.
  /// Throws if the server refuses a setting or the query, or it cannot be a model.
  public func prepare(
    _ sql: String,
    session: [(String, String)] = []
  ) throws(PostgresError) -> [Shape.Column] {
    _ = try connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    let fixed = PostgresSession.fixed.map { ($0.name, $0.value) }
    for (name, value) in fixed + encoding + Self.defaultSettings + session {
      _ = try connection.query(
        "SELECT pg_catalog.set_config($1, $2, true)",
        [name, value]
      )
    }
    return try TypeCatalog.columns(try describe(sql), connection)
  }

  /// UTF-8; but a database that knows no encoding would refuse a whole result for one row that
  /// is none, so that it gives its bytes as they are.
  private var encoding: [(String, String)] {
    let server = PQparameterStatus(connection.pointer, "server_encoding")
    let isUnknown = server.map { String(cString: $0) } == "SQL_ASCII"
    return [("client_encoding", isUnknown ? "SQL_ASCII" : "UTF8")]
  }

  /// Settings that `session:` may change: nothing waits without an end.
  public static let defaultSettings: [(String, String)] = [("lock_timeout", "1min")]

  /// Starts the query; ``read(into:lineCountMax:)`` then gives its rows.
  ///
  /// Throws if the server refuses the query.
  public func start(_ sql: String) throws(PostgresError) {
    // On a line of its own: the query may end with a comment.
    let copy = "COPY (\(QueryText.withoutFinalSemicolon(sql, dialect: .postgres))\n) TO STDOUT"
    do {
      _ = try connection.execute(copy, expecting: PGRES_COPY_OUT)
    } catch let error {
      throw error.moved(by: -"COPY (".count)
    }
    isCopying = true
  }

  /// Fills `page` with the next rows; returns false, with an empty page, after the last row.
  ///
  /// A page holds up to `lineCountMax` rows, fewer where they are long (some 1 MiB). An error
  /// means that the result is not complete.
  public func read(into page: Page, lineCountMax: Int = 4096) throws(PostgresError) -> Bool {
    var lines = Page.Lines()
    page.exchange(&lines)
    defer { page.exchange(&lines) }
    lines.removeAll()
    var isWhole = true
    while isCopying, !isWhole || lines.count < lineCountMax && lines.bytes.count < 1 << 20 {
      let count = readPiece(into: &lines.bytes)
      if count == 0 {
        if try connection.hasInput() { continue }
        isCopying = false
        throw connection.error(try connection.result())
      }
      guard count > 0 else {
        try finish()
        break
      }
      // A row ends with the only line feed in it.
      isWhole = lines.bytes[lines.bytes.count - 1] == UInt8(ascii: "\n")
      if isWhole { lines.ends.append(lines.bytes.count) }
    }
    return lines.count > 0
  }

  /// Makes `page` the whole result of `sql`, in the open transaction; for few rows.
  ///
  /// Throws if the server refuses the query or it fails.
  public func query(_ sql: String, into page: Page) throws(PostgresError) {
    try start(sql)
    _ = try read(into: page)
    let rest = Page()
    while isCopying { _ = try read(into: rest) }
  }

  /// What `EXPLAIN` says of `sql`, without running it.
  ///
  /// Throws if the server refuses the query.
  public func explain(_ sql: String) throws(PostgresError) -> [String] {
    let result = try connection.query(
      "EXPLAIN \(QueryText.withoutFinalSemicolon(sql, dialect: .postgres))",
      []
    )
    return (0..<result.rowCount).map { result.text($0, 0) }
  }

  /// Which of the types called `names` have parts that their text hides, by name.
  ///
  /// Asks the catalog in the open transaction. Throws if the server does not answer.
  public func families(of names: [String]) throws(PostgresError) -> [String: TypeFamily] {
    let result = try connection.query(TypeFamily.query, [TypeFamily.list(names)])
    var found: [String: TypeFamily] = [:]
    for row in 0..<result.rowCount {
      guard let kind = TypeFamily.Kind(rawValue: result.text(row, 2)) else { continue }
      found[result.text(row, 0)] = TypeFamily(kind: kind, isArray: result.text(row, 1) == "t")
    }
    return found
  }

  /// What identifies the database: host, port and name, without any credentials.
  public var identity: String {
    let host = PQhost(connection.pointer).map { String(cString: $0) } ?? ""
    let port = PQport(connection.pointer).map { String(cString: $0) } ?? ""
    let name = PQdb(connection.pointer).map { String(cString: $0) } ?? ""
    return "\(host):\(port)/\(name)"
  }

  /// Appends a row, or a piece of a long one, and returns its length; 0 while there is none, less at
  /// the end.
  ///
  /// `PQgetCopyData` would allocate each row.
  @inline(__always) private func readPiece(into bytes: inout ByteBuffer) -> Int {
    var count = 0
    bytes.append(upTo: 1 << 16) { room in
      guard let start = room.baseAddress else { return 0 }
      let text = start.assumingMemoryBound(to: CChar.self)
      count = Int(PQgetlineAsync(connection.pointer, text, Int32(room.count)))
      return max(count, 0)
    }
    return count
  }

  private func finish() throws(PostgresError) {
    isCopying = false
    _ = try connection.check(try connection.result(), PGRES_COMMAND_OK)
  }

  private func describe(_ sql: String) throws(PostgresError) -> [TypeCatalog.Described] {
    if sql.utf8.contains(0) {
      throw PostgresError(code: .unsuitable, message: "the query holds a NUL byte")
    }
    let checked = try connection.describe(sql)
    if PQnparams(checked.pointer) > 0 {
      throw PostgresError(code: .unsuitable, message: "the query has parameters such as $1")
    }
    let count = Int(PQnfields(checked.pointer))
    if count == 0 {
      throw PostgresError(code: .unsuitable, message: "the query returns no columns")
    }
    return (0..<Int32(count)).map { column in
      TypeCatalog.Described(
        name: String(cString: PQfname(checked.pointer, column)),
        type: PQftype(checked.pointer, column)
      )
    }
  }
}

extension PostgresError {
  /// The same error with its position counted from elsewhere; without one where it is outside.
  public func moved(by distance: Int) -> PostgresError {
    PostgresError(
      code: code,
      sqlState: sqlState,
      message: message,
      detail: detail,
      hint: hint,
      position: position.map { $0 + distance }.flatMap { $0 >= 0 ? $0 : nil }
    )
  }
}
