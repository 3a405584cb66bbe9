internal import Blocking
internal import Glibc

internal import SQLite

/// What one sync remembers: a SQLite file, used from a thread of its own.
///
/// The format is described in `docs/state.md`.
public actor StateFile {
  /// Path of the file; that of the original for a copy.
  public nonisolated let path: String
  let connection: SQLiteConnection
  let compressor = Zstandard()
  private let executor: ThreadExecutor

  /// The thread this state lives on.
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  /// How a state is opened.
  public enum Mode: Sendable, Hashable {
    /// For a run; the file is made where there is none.
    case run
    /// For a run that needs an existing file.
    case existing
    /// For a report: nothing is written.
    case report
    /// For a plan: the state is copied to `file`, and only the copy is written to. It need not
    /// survive anything. Without an original it begins empty, unless that is needed.
    case copy(file: String, needsOriginal: Bool)

    fileprivate var needsOriginal: Bool {
      switch self {
      case .existing, .copy(_, needsOriginal: true): true
      case .run, .report, .copy(_, needsOriginal: false): false
      }
    }

    fileprivate var isDurable: Bool {
      switch self {
      case .run, .existing, .report: true
      case .copy: false
      }
    }
  }

  /// Opens the state at `path` and brings it to this version's format.
  public init(path: String, mode: Mode) throws(StateError) {
    self.path = path
    do {
      connection = try Self.open(path, mode)
      // A file that is refused is not touched: looking comes before every setting that writes.
      let version = try Self.check(connection, path: path)
      if mode != .report {
        try Self.prepareForWriting(connection, isDurable: mode.isDurable)
      }
      try Self.migrate(connection, from: version, path: path, mode: mode)
    } catch let error as SQLiteError {
      throw StateError(error, path: path)
    } catch let error as StateError {
      throw error
    } catch {
      throw StateError(code: .damaged, path: path, message: "\(error)")
    }
    executor = ThreadExecutor()
  }

  // Not isolated: Swift 6.3 cannot compile optimized users of an actor with an isolated deinit
  // ("circular reference"). What is left to do when it closes does not block.
  deinit {
    executor.stop()
  }

  /// Moves what is in the write-ahead log into the file, so that closing it costs nothing.
  public func checkpoint() throws {
    try perform {
      // Readers may hold it back; then the next run does it.
      _ = try connection.prepare("PRAGMA wal_checkpoint(TRUNCATE)").step()
    }
  }

  /// Runs `body` and names the file in what it throws.
  func perform<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as SQLiteError {
      throw StateError(error, path: path)
    }
  }

  private static func open(_ path: String, _ mode: Mode) throws -> SQLiteConnection {
    let exists = try exists(path)
    switch mode {
    case .report, .existing:
      if !exists { throw Self.missing(path) }
      let isReading = mode == .report
      return try SQLiteConnection(
        path: path,
        mode: isReading ? .readOnly(isImmutable: false) : .readWrite
      )
    case .run:
      if !exists { try makeFile(path) }
      return try SQLiteConnection(path: path, mode: .readWrite)
    case .copy(let file, let needsOriginal):
      if !exists && needsOriginal { throw Self.missing(path) }
      try makeFile(file)
      let copy = try SQLiteConnection(path: file, mode: .readWrite)
      if exists {
        try SQLiteConnection(path: path, mode: .readOnly(isImmutable: false)).write(to: copy)
      }
      return copy
    }
  }

  private static func missing(_ path: String) -> StateError {
    StateError(code: .missing, path: path, message: "there is no such state")
  }

  private static func exists(_ path: String) throws(StateError) -> Bool {
    if access(path, F_OK) == 0 { return true }
    if errno == ENOENT { return false }
    // A folder that cannot be entered does not say that nothing is there.
    throw StateError(
      code: .inaccessible,
      path: path,
      message: "cannot open the state: \(String(cString: strerror(errno)))",
      hint: "check the permissions of the folder"
    )
  }

  private static func prepareForWriting(
    _ connection: SQLiteConnection,
    isDurable: Bool
  ) throws {
    // Before anything else is written: it counts only for a new file.
    try connection.execute("PRAGMA page_size = 16384")
    let journal = try connection.prepare("PRAGMA journal_mode = WAL")
    _ = try journal.step()
    if journal.text(0) != "wal" {
      // Network file systems cannot share the memory that WAL needs.
      try connection.execute("PRAGMA journal_mode = TRUNCATE")
    }
    let level = isDurable ? "FULL" : "OFF"
    try connection.execute("PRAGMA synchronous = \(level); PRAGMA foreign_keys = OFF")
  }

  /// Made before SQLite opens it, so that it is never readable by others.
  private static func makeFile(_ path: String) throws(StateError) {
    let descriptor = Glibc.open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    if descriptor < 0 && errno != EEXIST {
      throw StateError(
        code: errno == ENOSPC ? .diskFull : .inaccessible,
        path: path,
        message: "cannot create the state: \(String(cString: strerror(errno)))",
        hint: "check the permissions of the folder"
      )
    }
    if descriptor >= 0 { close(descriptor) }
  }

  /// `SLCE`, so that `file` and we ourselves tell a state from any other database.
  private static let applicationID = 0x534C_4345

  /// The format of the file; throws if it is none of ours, or one of a newer Sluice.
  private static func check(_ connection: SQLiteConnection, path: String) throws -> Int {
    // One look: a run may be making the file just now.
    let (version, application, tables) = try connection.transaction(isReading: true) {
      (
        try integer("PRAGMA user_version", connection),
        try integer("PRAGMA application_id", connection),
        try integer("SELECT count(*) FROM sqlite_schema", connection)
      )
    }
    if tables > 0 && application != applicationID {
      throw StateError(
        code: .foreign,
        path: path,
        message: "this is a SQLite database, but not a state of Sluice",
        hint: "move it away, or point `state:` elsewhere"
      )
    }
    if version > Migration.all.count {
      throw StateError(
        code: .newer,
        path: path,
        message: "written by a newer Sluice (format \(version), this one knows "
          + "\(Migration.all.count)); it was not touched",
        hint: "run the newer version"
      )
    }
    return version
  }

  private static func migrate(
    _ connection: SQLiteConnection,
    from version: Int,
    path: String,
    mode: Mode
  ) throws {
    if version == Migration.all.count { return }
    // Without a format it is empty: as good as missing.
    if version == 0 && mode.needsOriginal { throw missing(path) }
    if mode == .report {
      throw StateError(
        code: version == 0 ? .missing : .mismatch,
        path: path,
        message: version == 0 ? "the state is empty" : "the state has an older format",
        hint: "the next `sluice run` brings it up to date"
      )
    }
    try connection.transaction {
      for migration in Migration.all[version...] { try connection.execute(migration.sql) }
      try connection.execute(
        "PRAGMA user_version = \(Migration.all.count); PRAGMA application_id = \(applicationID)"
      )
    }
  }

  private static func integer(_ sql: String, _ connection: SQLiteConnection) throws -> Int {
    let statement = try connection.prepare(sql)
    _ = try statement.step()
    return statement.integer(0)
  }
}
