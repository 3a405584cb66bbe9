internal import Glibc
internal import SQLite

/// The file of a pinned plan: prepared batches that are not in a state yet, with the bytes of their
/// messages.
///
/// A SQLite database of its own kind, described in `docs/state.md`. Used by one thread at a time.
final class PlanFile {
  let path: String
  let database: StateDatabase
  /// Keeps the draft, while it is one.
  private let draft: DraftFile?

  /// `SLPL`, so that a plan and a state are told apart.
  static let applicationID = 0x534C_504C
  /// The format that this version writes.
  private static let format = 3

  /// How closely a plan is looked at before it is read.
  enum Care {
    /// Whether it is as it was written, all of it.
    case whole
    /// Whether what is said of it is as it was written; batches have checksums of their own.
    case seal
    /// Only what it is: for somebody who just takes its hold away.
    case none
  }

  private init(_ connection: SQLiteConnection, path: String, draft: DraftFile? = nil) {
    self.path = path
    self.draft = draft
    database = StateDatabase(connection, path: path)
  }

  /// Makes the draft of a plan at `path`, where nothing is.
  static func make(_ path: String) throws(StateError) -> PlanFile {
    guard let draft = DraftFile(path) else { throw unwritable(path, errno) }
    let file: PlanFile
    do {
      let connection = try SQLiteConnection(path: path, mode: .readWrite)
      file = PlanFile(connection, path: path, draft: draft)
    } catch {
      throw StateError(error, path: path)
    }
    // It counts only when it is whole: then it is flushed, and gets its name.
    try file.database.execute(
      """
      PRAGMA page_size = 16384; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;
      PRAGMA application_id = \(applicationID); PRAGMA user_version = \(format);
      \(schema)
      """
    )
    return file
  }

  private static let schema = """
    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE shape (number INTEGER PRIMARY KEY, columns TEXT NOT NULL);
    CREATE TABLE batch (
      number INTEGER PRIMARY KEY,
      token BLOB NOT NULL,
      shape INTEGER NOT NULL,
      is_backfill INTEGER NOT NULL,
      is_retry INTEGER NOT NULL,
      rows INTEGER NOT NULL,
      changes BLOB,             -- as in a state; the places that they name mean nothing
      superseded BLOB NOT NULL, -- 24 bytes for each change that supersedes a row: its entry
      messages BLOB NOT NULL,   -- compressed
      checksum TEXT NOT NULL    -- over all that belongs to the batch
    );
    CREATE TABLE segment (
      number INTEGER PRIMARY KEY,
      batch INTEGER NOT NULL,
      shape INTEGER NOT NULL,
      rows INTEGER NOT NULL,
      columns INTEGER NOT NULL, -- of the records, one after the other; 1: whole lines
      entries BLOB NOT NULL,
      records BLOB NOT NULL
    );
    CREATE INDEX segment_batch ON segment (batch);
    CREATE TABLE absence (
      key BLOB PRIMARY KEY, since INTEGER NOT NULL, results INTEGER NOT NULL
    ) WITHOUT ROWID;
    """

  /// Opens the plan at `path` for reading, after a look at it with `care`.
  ///
  /// Throws if it is not a sound plan of this format; with any care, too, if others may write to it.
  static func read(_ path: String, care: Care) throws(StateError) -> PlanFile {
    try checkMode(path, isGuarded: care != .none)
    let file: PlanFile
    do {
      let connection = try SQLiteConnection(path: path, mode: .readOnly(isImmutable: false))
      file = PlanFile(connection, path: path)
    } catch {
      throw plan(StateError(error, path: path))
    }
    do throws(StateError) {
      try file.check()
      if care == .whole { try file.examine() }
      if care != .none { try file.checkSeal() }
    } catch {
      throw plan(error)
    }
    return file
  }

  /// What was reviewed must be what is sent: nobody else may be able to change it.
  private static func checkMode(_ path: String, isGuarded: Bool) throws(StateError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw plan(
        StateError(
          code: errno == ENOENT ? .missing : .inaccessible,
          path: path,
          message: errno == ENOENT
            ? "there is no such plan" : "cannot open it: \(String(cString: strerror(errno)))",
          hint: "`sluice plan SYNC --save FILE` makes one"
        )
      )
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw plan(StateError(code: .foreign, path: path, message: "this is not a file"))
    }
    if isGuarded, status.st_mode & 0o022 != 0 {
      throw plan(
        StateError(
          code: .inaccessible,
          path: path,
          message: "others may write to this plan, so nobody knows whether it is what was reviewed",
          hint: "if it is: chmod 600 \(path)"
        )
      )
    }
  }

  private func check() throws(StateError) {
    let application = try database.integer("PRAGMA application_id")
    let version = try database.integer("PRAGMA user_version")
    if application != Self.applicationID {
      throw StateError(
        code: .foreign,
        path: path,
        message: "this is a SQLite database, but not a plan of Sluice",
        hint: Self.madeBy
      )
    }
    if version > Self.format {
      throw StateError(
        code: .newer,
        path: path,
        message: "the plan was written by a newer Sluice (format \(version), this one knows "
          + "\(Self.format))",
        hint: "run the newer version"
      )
    }
    if version < Self.format {
      throw StateError(
        code: .foreign,
        path: path,
        message: "the plan was written by an earlier Sluice (format \(version), this one knows "
          + "\(Self.format))",
        hint: Self.madeBy
      )
    }
  }

  private func examine() throws(StateError) {
    // SQLite takes a page that is cut off for one with zeros at its end.
    let pages = try database.prepare(
      "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
    )
    var status = stat()
    guard try pages.step(), stat(path, &status) == 0, Int(status.st_size) == pages.integer(0) else {
      throw damage("the plan was cut off")
    }
    let check = try database.prepare("PRAGMA quick_check(1)")
    guard try check.step(), check.text(0) == "ok" else {
      throw damage("the plan is damaged: \(check.text(0) ?? "it cannot be read")")
    }
    try checkBatches()
  }

  /// What to throw if the file holds something that no Sluice writes.
  func damage(_ message: String) -> StateError {
    StateError(code: .damaged, path: path, message: message, hint: Self.madeBy)
  }

  private static let madeBy = "make a plan again: `sluice plan SYNC --save FILE`"

  /// An error of a plan file: what it says of states is not true of a plan.
  static func plan(_ error: StateError) -> StateError {
    var planned =
      switch error.code {
      case .damaged, .foreign:
        StateError(
          code: error.code,
          path: error.path,
          message: error.message.contains("plan")
            ? error.message : "this is not a plan, or it is damaged: \(error.message)",
          hint: madeBy
        )
      case .missing, .newer, .inaccessible, .diskFull, .busy, .mismatch: error
      }
    planned.isOfPlan = true
    return planned
  }

  static func unwritable(_ path: String, _ code: Int32) -> StateError {
    StateError(
      code: code == ENOSPC ? .diskFull : .inaccessible,
      path: path,
      message: "cannot write the plan: \(String(cString: strerror(code)))",
      hint: code == EEXIST ? "`--replace` takes its place" : "check the permissions of the folder"
    )
  }

  /// What is said of the plan, by name.
  func meta() throws(StateError) -> [String: String] {
    let query = try database.prepare("SELECT name, value FROM meta")
    var meta: [String: String] = [:]
    while try query.step() { meta[query.text(0) ?? ""] = query.text(1) ?? "" }
    return meta
  }

  /// The columns of its lines, by number.
  func shapes() throws(StateError) -> [Int: String] {
    let query = try database.prepare("SELECT number, columns FROM shape")
    var shapes: [Int: String] = [:]
    while try query.step() { shapes[query.integer(0)] = query.text(1) }
    return shapes
  }
}
