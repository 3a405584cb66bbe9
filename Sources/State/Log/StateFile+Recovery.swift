internal import Glibc
internal import SQLite

public import Reports

extension StateFile {
  /// Takes in what the user knows of the batches that wait and of where the state belongs.
  ///
  /// All of it or nothing: one transaction. Returns how many batches waited.
  /// Throws a ``StateError`` if the file cannot be written.
  public func recover(_ answer: RecoveryReport.Answer) throws(StateError) -> Int {
    try database.transaction { () throws(StateError) in
      let waiting = try preparedBatches()
      switch answer {
      case .sent:
        // What the run that sent them left out was noted with each.
        _ = try makeLive(upTo: waiting.last ?? 0)
      case .notSent: break
      case .adopt:
        try write { meta in
          meta.cluster = nil
          meta.source = nil
        }
        try eraseTopicIDs()
      }
      // Whatever Kafka holds, it is the answer that counts now.
      try eraseAttempts()
      try write { $0.adoptsTransactions = true }
      return waiting.count
    }
  }

  /// Deletes the state at `path`; returns whether there was one.
  ///
  /// The caller holds the run lock. Whatever interrupts it, the state is as it was or gone: its log
  /// is first moved into the file, so that the file alone is the whole state while the log goes. A
  /// damaged file is deleted too. Throws a ``StateError`` if a file cannot be deleted.
  public static func delete(at path: String) throws(StateError) -> Bool {
    emptyLog(of: path)
    // A log that is left without its database would become part of the next one.
    for suffix in ["-wal", "-shm", "-journal"] { _ = try remove(path + suffix, of: path) }
    return try remove(path, of: path)
  }

  private static func emptyLog(of path: String) {
    guard access(path + "-wal", F_OK) == 0 || access(path + "-journal", F_OK) == 0 else { return }
    // If it cannot be read, there is nothing in it that could be kept.
    guard let connection = try? SQLiteConnection(path: path, mode: .readWrite) else { return }
    _ = try? connection.prepare("PRAGMA wal_checkpoint(TRUNCATE)").step()
  }

  private static func remove(_ file: String, of path: String) throws(StateError) -> Bool {
    if unlink(file) == 0 { return true }
    if errno == ENOENT { return false }
    throw StateError(
      code: .inaccessible,
      path: path,
      message: "cannot delete \(file): \(String(cString: strerror(errno)))",
      hint: "check the permissions of the folder"
    )
  }
}
