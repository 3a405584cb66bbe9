internal import Blocking
internal import Glibc
internal import SQLite

/// The file of alerts beside the states: what is wrong, and what is still to be delivered.
///
/// Every use opens it and is one short transaction, so that any number of processes share it.
struct AlertStore: Sendable {
  /// Its path.
  let path: String

  /// Its name in the folder of the states.
  static let fileName = "alerts.db"
  private static let busyTimeout = Duration.seconds(10)
  /// `SLCA`.
  private static let applicationID = 0x534C_4341
  private static let format = 1

  /// The file in `directory`, the folder of the states.
  init(in directory: String) {
    path = "\(directory)/\(Self.fileName)"
  }

  /// Whether it is there.
  var exists: Bool { access(path, F_OK) == 0 }

  /// Runs `body` in one transaction; the file is made if there is none.
  func write<Result: Sendable>(
    _ body: @escaping @Sendable (SQLiteConnection) throws(SQLiteError) -> Result
  ) async throws(AlertStoreError) -> Result {
    try await perform { (connection) throws(SQLiteError) in
      try connection.transaction(naming: { $0 }) { () throws(SQLiteError) in
        try Self.prepare(connection)
        return try body(connection)
      }
    }
  }

  /// Runs `body` on one state of the file; nil if there is none.
  func read<Result: Sendable>(
    _ body: @escaping @Sendable (SQLiteConnection) throws(SQLiteError) -> Result
  ) async throws(AlertStoreError) -> Result? {
    if !exists { return nil }
    return try await perform(isReading: true) { (connection) throws(SQLiteError) in
      try connection.transaction(isReading: true, naming: { $0 }) { () throws(SQLiteError) in
        if try Self.version(of: connection) == 0 { return nil }
        return try body(connection)
      }
    }
  }

  private func perform<Result: Sendable>(
    isReading: Bool = false,
    _ body: @escaping @Sendable (SQLiteConnection) throws(SQLiteError) -> Result
  ) async throws(AlertStoreError) -> Result {
    let path = path
    do throws(SQLiteError) {
      return try await onThread { () throws(SQLiteError) in
        if !isReading { try Self.makeFile(path) }
        let connection = try SQLiteConnection(
          path: path,
          mode: isReading ? .readOnly(isImmutable: false) : .readWrite,
          busyTimeout: Self.busyTimeout
        )
        return try body(connection)
      }
    } catch {
      throw AlertStoreError(path: path, message: error.message)
    }
  }

  /// Made before SQLite opens it, so that it is never readable by others.
  private static func makeFile(_ path: String) throws(SQLiteError) {
    if let slash = path.lastIndex(of: "/") { _ = mkdir(String(path[..<slash]), 0o700) }
    let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw SQLiteError(code: .other, message: SystemError.text())
    }
    close(descriptor)
  }

  /// The format of the file, 0 of an empty one; throws if it is none of ours, or a newer one.
  private static func version(of connection: SQLiteConnection) throws(SQLiteError) -> Int {
    let version = try connection.integer("PRAGMA user_version")
    let application = try connection.integer("PRAGMA application_id")
    let tables = try connection.integer("SELECT count(*) FROM sqlite_schema")
    if tables > 0, application != applicationID {
      throw SQLiteError(code: .damaged, message: "this is not a file of alerts: move it away")
    }
    if version > format {
      throw SQLiteError(code: .damaged, message: "a newer Sluice wrote it: run that one")
    }
    return version
  }

  private static func prepare(_ connection: SQLiteConnection) throws(SQLiteError) {
    if try version(of: connection) == format { return }
    try connection.execute(AlertTables.sql)
    try connection.execute(
      "PRAGMA user_version = \(format); PRAGMA application_id = \(applicationID)"
    )
  }
}

/// Why alerts could not be judged.
struct AlertStoreError: Error, Sendable, CustomStringConvertible {
  let path: String
  let message: String

  var description: String { "\(path): \(message)" }
}
