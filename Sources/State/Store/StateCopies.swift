internal import Glibc
internal import SQLite

/// Copies a state file to a backup and back, whole and at one moment.
struct StateCopies {
  /// Path of the state.
  let path: String

  private var state: StateOpening { StateOpening(path: path, mode: .report) }

  /// Writes what the state holds now to `file`, which then is all of it: nothing lies beside it.
  ///
  /// Others may use the state meanwhile. The file has mode 0600 and is there whole or not at all.
  /// Throws if it is there already, unless `isReplacing`.
  func backUp(to file: String, isReplacing: Bool) throws(StateError) {
    guard try state.exists() else { throw state.missing }
    let draft = DraftFile.path(for: file)
    unlink(draft)
    guard let made = DraftFile(draft) else { throw Self.unwritable(file, errno) }
    defer { unlink(made.path) }
    try copy(to: draft)
    // A link is refused where a file is; renaming takes its place.
    let isPlaced = isReplacing ? rename(draft, file) == 0 : link(draft, file) == 0
    guard isPlaced, Self.synchronizeFolder(of: file) else {
      throw Self.unwritable(file, errno)
    }
  }

  private func copy(to draft: String) throws(StateError) {
    let original = try state.connection(path, .readOnly(isImmutable: false))
    if try state.check(StateDatabase(original, path: path)) == 0 { throw state.missing }
    let target = StateOpening(path: draft, mode: .run)
    let copy = try target.connection(draft, .readWrite)
    do {
      try original.write(to: copy)
      // One file: what is in the journal of a state belongs to it.
      try copy.execute("PRAGMA journal_mode = DELETE")
    } catch {
      throw StateError(error, path: draft)
    }
  }

  /// Makes the state what `file` holds, as one transaction: a reader sees the one or the other.
  ///
  /// The caller holds the run lock. A state that is damaged is moved aside; returns where it is then.
  /// Throws if `file` is not a sound state of this or an earlier Sluice.
  func restore(from file: String) throws(StateError) -> String? {
    let backup = StateOpening(path: file, mode: .report)
    guard try backup.exists() else { throw backup.missing }
    let original = try backup.connection(file, .readOnly(isImmutable: false))
    try Self.examine(original, backup)
    let aside = try moveDamagedStateAside()
    let target = StateOpening(path: path, mode: .run)
    if !(try target.exists()) { try target.makeFile(path) }
    let connection = try target.connection(path, .readWrite)
    do { try original.write(to: connection) } catch { throw StateError(error, path: path) }
    return aside
  }

  /// Throws unless it is a state, whole and sound.
  private static func examine(
    _ connection: SQLiteConnection,
    _ opening: StateOpening
  ) throws(StateError) {
    let database = StateDatabase(connection, path: opening.path)
    if try opening.check(database) == 0 { throw opening.missing }
    let check = try database.prepare("PRAGMA quick_check(1)")
    guard try check.step(), check.text(0) == "ok" else {
      throw database.damage("the file is damaged: \(check.text(0) ?? "it cannot be read")")
    }
  }

  private func moveDamagedStateAside() throws(StateError) -> String? {
    guard try state.exists() else { return nil }
    do throws(StateError) {
      try Self.examine(state.connection(path, .readOnly(isImmutable: false)), state)
      return nil
    } catch {
      // An empty file is as good as none; of anything else, except damage, somebody must decide.
      if error.code == .missing { return nil }
      if error.code != .damaged { throw error }
    }
    let aside = "\(path).damaged-\(time(nil))"
    for suffix in ["", "-wal", "-shm"] where access(path + suffix, F_OK) == 0 {
      if rename(path + suffix, aside + suffix) != 0 { throw Self.unwritable(path, errno) }
    }
    return aside
  }

  static func synchronizeFolder(of file: String) -> Bool {
    let folder = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
    let descriptor = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    // Some file systems cannot synchronize a folder: then it is as safe as they make it.
    return fsync(descriptor) == 0 || errno == EINVAL
  }

  private static func unwritable(_ file: String, _ code: Int32) -> StateError {
    StateError(
      code: code == ENOSPC ? .diskFull : .inaccessible,
      path: file,
      message: "cannot write it: \(String(cString: strerror(code)))",
      hint: code == EEXIST ? "`--replace` takes its place" : "check the permissions of the folder"
    )
  }
}
