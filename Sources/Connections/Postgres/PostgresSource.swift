public import Sync
internal import Blocking
internal import Postgres
internal import Synchronization

internal import Reports
public import Rows
public import Settings

/// A Postgres server as a source.
public actor PostgresSource: RowSource {
  /// Kind and name of the source.
  public nonisolated let name: String
  private let identity: String?
  private let parameters: [(keyword: String, value: String)]
  private let session: [(String, String)]
  private var reader: PostgresReader?
  private var model: ModelSettings?
  private var isStarted = false
  private let cancellation = Mutex<PostgresCancellation?>(nil)
  private let wakeup = Wakeup()
  private let ended = Wakeup()

  /// Describes the source `name`; `identity` is what the state remembers the database by.
  public init(
    name: String,
    parameters: [(keyword: String, value: Secret)],
    session: [(String, String)],
    identity: String? = nil
  ) {
    self.name = "postgres \(name)"
    self.identity = identity
    self.parameters = parameters.map { ($0.keyword, $0.value.exposed) }
    self.session = session
  }

  /// Connects, begins a snapshot and describes the result of `model`.
  ///
  /// Throws a ``RunError`` with the place in the model, if the server names one.
  public func open(_ model: ModelSettings) async throws -> Shape {
    self.model = model
    do {
      let reader = try await connected()
      var columns = try await reader.prepare(model.sql, session: session)
      for index in columns.indices {
        guard let cast = model.types[columns[index].name] else { continue }
        columns[index].type = columns[index].type.cast(to: cast.value)
      }
      return Shape(dialect: .postgres, columns: columns)
    } catch let error as PostgresError {
      throw runError(error)
    }
  }

  /// Connects and asks which database this is.
  ///
  /// Throws a ``RunError`` with advice if there is no connection.
  public func origin() async throws -> SourceOrigin {
    do {
      let database = try await connected().database()
      var origin = SourceOrigin(.postgres, identity: identity)
      origin.systemIdentifier = database.systemIdentifier
      origin.database = database.name
      origin.hosts = database.hosts
      origin.isInRecovery = database.isInRecovery
      return origin
    } catch let error as PostgresError {
      throw runError(error)
    }
  }

  /// Connects and says who is logged in.
  func role() async throws -> PostgresRole {
    do {
      return try await connected().role()
    } catch let error as PostgresError {
      throw runError(error)
    }
  }

  /// The connection, made when first asked for.
  private func connected() async throws -> PostgresReader {
    if let reader { return reader }
    let (parameters, wakeup) = (parameters, wakeup)
    let reader = try await onThread { try PostgresReader(parameters: parameters, wakeup: wakeup) }
    self.reader = reader
    cancellation.withLock { $0 = reader.cancellation }
    return reader
  }

  /// Asks for the plan of the open model; the server then checks the rights to read as well.
  func explain(_ model: ModelSettings) async throws {
    do {
      _ = try await reader?.explain(model.sql)
    } catch {
      throw runError(error.moved(by: -"EXPLAIN ".count))
    }
  }

  /// Which of the types called `names` have parts that their text hides, for the open model.
  func families(of names: [String]) async throws -> [String: TypeFamily] {
    do {
      return try await reader?.families(of: names) ?? [:]
    } catch {
      throw runError(error)
    }
  }

  /// Fills `page` with the next rows.
  ///
  /// Throws a ``RunError``; the rows of the page are then of no use.
  public func read(into page: Page) async throws -> Bool {
    guard let reader, let model else { return false }
    do {
      if !isStarted { try await reader.start(model.sql) }
      isStarted = true
      return try await reader.read(into: page)
    } catch {
      throw runError(error)
    }
  }

  /// Makes `page` the result of `select` about the open model.
  ///
  /// Throws a ``RunError`` without a place.
  public func query(_ select: String, into page: Page) async throws {
    guard let reader, let model else { return }
    do {
      try await reader.query(ModelQuery.text(select, of: model, dialect: .postgres), into: page)
    } catch {
      var failure = runError(error)
      failure.location = nil
      throw failure
    }
  }

  /// Ends the query and the connection.
  public func close() {
    cancellation.withLock { $0 = nil }
    ended.wake()
    reader = nil
  }

  /// Asks the server to stop the query, and ends every wait for it soon, a connection's at once.
  public nonisolated func cancel() {
    guard let cancellation = cancellation.withLock({ $0 }) else { return wakeup.wake() }
    cancellation.cancel(wakeup, unless: ended)
  }

  private func runError(_ error: PostgresError) -> RunError {
    var parts = ["source \(name): \(error.message)"]
    if let detail = error.detail { parts.append(detail) }
    let state = error.sqlState.map { " (SQLSTATE \($0))" } ?? ""
    let location = model.flatMap { model in
      error.position.map { TextPosition.location(of: $0, in: model.sql, file: model.file) }
    }
    var failure = RunError(
      Self.code(of: error),
      parts.joined(separator: "; ") + state,
      kind: Self.kind(of: error),
      at: location ?? model.map { SourceLocation(file: $0.file, line: 1, column: 1) },
      hint: error.hint ?? PostgresAdvice.hint(for: error)
    )
    if Self.isShared(error) { failure.cause = .source }
    if Self.mayHoldValues(error) {
      failure.valueFree = "source \(name): the query failed\(state)"
    }
    return failure
  }

  /// Whether every model of the source meets it: there is no session, or the server cannot work.
  private static func isShared(_ error: PostgresError) -> Bool {
    switch error.code {
    case .connection, .login: true
    case .cancelled, .unsuitable: false
    case .query: isServersFault(error.sqlState ?? "")
    }
  }

  private static func isServersFault(_ state: String) -> Bool {
    ["08", "53", "57P", "58", "XX"].contains(where: state.hasPrefix)
  }

  private static func kind(of error: PostgresError) -> ErrorKind {
    switch error.code {
    case .connection: return .sourceUnreachable
    case .login: return .sourceLogin
    case .cancelled: return .cancelledQuery
    case .unsuitable: return .unsuitableQuery
    case .query:
      let state = error.sqlState ?? ""
      if isServersFault(state) { return .sourceTrouble }
      return isModelsFault(state) ? .refusedQuery : .failedQuery
    }
  }

  /// Whether the text may repeat a value: data exceptions, violated constraints, raised errors.
  private static func mayHoldValues(_ error: PostgresError) -> Bool {
    guard error.code == .query else { return false }
    let state = error.sqlState ?? "22"
    return error.detail != nil || ["22", "23", "P0"].contains(where: state.hasPrefix)
  }

  private static func code(of error: PostgresError) -> RunError.Code {
    switch error.code {
    case .connection, .login, .cancelled: .failed
    case .unsuitable: .configuration
    case .query: isModelsFault(error.sqlState ?? "") ? .configuration : .failed
    }
  }

  /// Syntax, names and rights are the model's; data, resources and conflicts are not.
  private static func isModelsFault(_ state: String) -> Bool {
    state.hasPrefix("42") || state.hasPrefix("26") || state.hasPrefix("0A")
      || state == "25006"
  }
}

extension ColumnType {
  /// This type of Postgres as `cast`; itself where it is that already.
  fileprivate func cast(to cast: CastType) -> ColumnType {
    let wanted = ColumnType(cast, declared: declared)
    let isThatAlready =
      kind == wanted.kind || (kind == .timestampWithZone && wanted.kind == .timestamp)
    // Whatever is written as text without a cast may be no text to the user: `text` is one.
    return isThatAlready && arrayDelimiter == nil && kind != .text ? self : wanted
  }
}
