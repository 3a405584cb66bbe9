internal import Glibc
internal import SQLite

/// Opens the file of a state, refuses what is not one, and migrates it.
struct StateOpening {
  let path: String
  let mode: StateFile.Mode

  /// Opens the state, in this version's format.
  ///
  /// Throws if it is missing, locked, damaged, not a state, or of a newer Sluice.
  func open() throws(StateError) -> StateDatabase {
    let database = StateDatabase(try connect(), path: path)
    // A file that is refused is not touched: looking comes before every setting that writes.
    let version = try check(database)
    if mode != .report { try prepareForWriting(database) }
    try migrate(database, from: version)
    return database
  }

  /// The format that the file has, also one that this version does not know; nil if there is no file.
  ///
  /// Throws if it is locked, damaged, or not a state.
  func format() throws(StateError) -> Int? {
    if !(try exists()) { return nil }
    return try look(
      at: StateDatabase(try connection(path, .readOnly(isImmutable: false)), path: path)
    )
  }

  private func connect() throws(StateError) -> SQLiteConnection {
    let exists = try exists()
    switch mode {
    case .report, .existing:
      if !exists { throw missing }
      let isReading = mode == .report
      return try connection(path, isReading ? .readOnly(isImmutable: false) : .readWrite)
    case .run:
      if !exists { try makeFile(path) }
      return try connection(path, .readWrite)
    case .copy(let file, let needsOriginal):
      if !exists && needsOriginal { throw missing }
      try makeFile(file)
      let copy = try connection(file, .readWrite)
      if exists {
        let original = try connection(path, .readOnly(isImmutable: false))
        do { try original.write(to: copy) } catch { throw StateError(error, path: path) }
      }
      return copy
    }
  }

  func connection(
    _ file: String,
    _ mode: SQLiteConnection.Mode
  ) throws(StateError) -> SQLiteConnection {
    do {
      return try SQLiteConnection(path: file, mode: mode)
    } catch {
      throw StateError(error, path: path)
    }
  }

  var missing: StateError {
    StateError(code: .missing, path: path, message: "there is no such state")
  }

  func exists() throws(StateError) -> Bool {
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

  private func prepareForWriting(_ database: StateDatabase) throws(StateError) {
    // Before anything else is written: it counts only for a new file.
    try database.execute("PRAGMA page_size = 16384")
    let journal = try database.prepare("PRAGMA journal_mode = WAL")
    _ = try journal.step()
    if journal.text(0) != "wal" {
      // Network file systems cannot share the memory that WAL needs.
      try database.execute("PRAGMA journal_mode = TRUNCATE")
    }
    database.mayFlushLater = mode.isDurable && journal.text(0) == "wal"
    let level = mode.isDurable ? "FULL" : "OFF"
    try database.execute("PRAGMA synchronous = \(level); PRAGMA foreign_keys = OFF")
  }

  /// Made before SQLite opens it, so that it is never readable by others.
  func makeFile(_ path: String) throws(StateError) {
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

  /// The format of the file; throws if it is not a state, or one of a newer Sluice.
  func check(_ database: StateDatabase) throws(StateError) -> Int {
    let version = try look(at: database)
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

  /// The format of the file, known or not; throws if it is not a state.
  private func look(at database: StateDatabase) throws(StateError) -> Int {
    // One look: a run may be making the file just now.
    let (version, application, tables) = try database.transaction(isReading: true) {
      () throws(StateError) in
      (
        try database.integer("PRAGMA user_version"),
        try database.integer("PRAGMA application_id"),
        try database.integer("SELECT count(*) FROM sqlite_schema")
      )
    }
    if tables > 0 && application != Self.applicationID {
      throw StateError(
        code: .foreign,
        path: path,
        message: "this is a SQLite database, but not a state of Sluice",
        hint: "move it away, or point `state:` elsewhere"
      )
    }
    return version
  }

  private func migrate(_ database: StateDatabase, from version: Int) throws(StateError) {
    if version == Migration.all.count { return }
    // Without a format it is empty: as good as missing.
    if version == 0 && mode.needsOriginal { throw missing }
    if mode == .report {
      throw StateError(
        code: version == 0 ? .missing : .mismatch,
        path: path,
        message: version == 0 ? "the state is empty" : "the state has an older format",
        hint: "the next `sluice run` brings it up to date"
      )
    }
    try database.transaction { () throws(StateError) in
      for migration in Migration.all[version...] { try database.execute(migration.sql) }
      try database.execute(
        "PRAGMA user_version = \(Migration.all.count); PRAGMA application_id = \(Self.applicationID)"
      )
    }
  }
}
