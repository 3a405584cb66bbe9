public import Sync
internal import Blocking
internal import SQLite
internal import Synchronization
internal import Tracing

internal import Reports
public import Rows
public import Settings

/// A SQLite file as a source.
public actor SQLiteSource: RowSource {
  /// Kind and name of the source.
  public nonisolated let name: String
  private let path: String
  private let known: SourceOrigin
  private let isImmutable: Bool
  private var reader: SQLiteReader?
  private var model: ModelSettings?
  private let interruption = Mutex<SQLiteInterruption?>(nil)

  /// Describes the source `name`.
  ///
  /// `shown` is the path that the state remembers, `identity` what it remembers instead.
  public init(
    name: String,
    path: String,
    isImmutable: Bool,
    shown: String? = nil,
    identity: String? = nil
  ) {
    self.name = "sqlite \(name)"
    self.path = path
    var known = SourceOrigin(.sqlite, identity: identity)
    known.path = shown ?? path
    self.known = known
    self.isImmutable = isImmutable
  }

  /// The path, without following links: nothing is opened.
  public func origin() -> SourceOrigin { known }

  /// Opens the file, begins a snapshot and describes the result of `model`.
  ///
  /// Throws a ``RunError`` with the place in the model, if SQLite names one.
  public func open(_ model: ModelSettings) async throws -> Shape {
    self.model = model
    do {
      let (path, isImmutable) = (path, isImmutable)
      Trace.current("sqlite", "\(path): \(model.sql)")
      let reader = try await onThread { try SQLiteReader(path: path, isImmutable: isImmutable) }
      self.reader = reader
      interruption.withLock { $0 = reader.interruption }
      let names = try await reader.prepare(model.sql)
      let columns = names.map { name in
        Shape.Column(
          name: name,
          type: model.types[name].map { ColumnType($0.value) } ?? ColumnType(.dynamic)
        )
      }
      return Shape(dialect: .sqlite, columns: columns)
    } catch let error as SQLiteError {
      throw runError(error)
    }
  }

  /// Fills `page` with the next rows.
  ///
  /// Throws a ``RunError``; the rows of the page are then of no use.
  public func read(into page: Page) async throws -> Bool {
    guard let reader else { return false }
    do {
      return try await reader.read(into: page)
    } catch {
      throw runError(error, isReading: true)
    }
  }

  /// Makes `page` the result of `select` about the open model.
  ///
  /// Throws a ``RunError`` without a place.
  public func query(_ select: String, into page: Page) async throws {
    guard let reader, let model else { return }
    do {
      try await reader.query(ModelQuery.text(select, of: model, dialect: .sqlite), into: page)
    } catch {
      var failure = runError(error)
      failure.location = nil
      throw failure
    }
  }

  /// Ends the query and closes the file.
  public func close() {
    interruption.withLock { $0 = nil }
    reader = nil
  }

  /// Stops the query.
  public nonisolated func cancel() {
    interruption.withLock { $0 }?.interrupt()
  }

  private func runError(_ error: SQLiteError, isReading: Bool = false) -> RunError {
    let location = model.flatMap { model in
      error.offset.map { TextPosition.location(ofByte: $0, in: model.sql, file: model.file) }
    }
    // A query that was compiled and then fails met a value that it cannot take.
    let isModelsFault = error.code == .statement && reader != nil && !isReading
    var failure = RunError(
      isModelsFault ? .configuration : .failed,
      "source \(name), \(path): \(error.message)",
      kind: kind(of: error, isModelsFault: isModelsFault),
      at: location ?? model.map { SourceLocation(file: $0.file, line: 1, column: 1) },
      hint: hint(for: error)
    )
    // What a statement meets is about its model; the rest every model of the file meets.
    if error.code != .statement { failure.cause = .source }
    return failure
  }

  private func kind(of error: SQLiteError, isModelsFault: Bool) -> ErrorKind {
    switch error.code {
    case .cannotOpen, .readOnly: .sourceFile
    case .busy: .sourceBusy
    case .damaged: .sourceDamaged
    case .diskFull, .inputOutput, .other: .sourceTrouble
    case .interrupted: .cancelledQuery
    case .statement: isModelsFault ? .refusedQuery : .failedQuery
    }
  }

  private func hint(for error: SQLiteError) -> String? {
    switch error.code {
    case .cannotOpen, .readOnly:
      "is the path right and readable? a database in WAL mode needs a writable folder; "
        + "`immutable: true` reads it without locks"
    case .busy: "another program holds a lock on the database: try again later"
    case .damaged:
      "the file is not a SQLite database, or a damaged one: `sqlite3 FILE 'PRAGMA integrity_check'`"
    case .statement:
      error.message == "not authorized"
        ? "a model may only read: no PRAGMA, ATTACH or change" : nil
    case .diskFull, .inputOutput, .interrupted, .other: nil
    }
  }
}
