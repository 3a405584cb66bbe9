import CSQLite
import Glibc
import Synchronization

/// The disk below SQLite, which fails at one write to the files of one state.
///
/// Takes the place of SQLite's default file system for this process; files that no plan names
/// behave as ever.
enum FaultyDisk {
  /// Which write fails, and how.
  struct Plan: Sendable {
    /// Path of the database; its log and journal belong to it.
    var path: String
    /// Number of the write or flush that fails, from 1.
    var failing: Int
    /// `SQLITE_FULL` or `SQLITE_IOERR`.
    var code: Int32
    /// Whether every later one fails, too.
    var isLasting: Bool
    var calls = 0
  }

  /// By the path of their database: suites that run at once have plans of their own.
  private static let plans = Mutex<[String: Plan]>([:])

  /// Lets writes fail while `body` runs; returns how many there were.
  static func during(_ wanted: Plan, _ body: () async throws -> Void) async rethrows -> Int {
    _ = installed
    plans.withLock { $0[wanted.path] = wanted }
    try await body()
    return plans.withLock { $0.removeValue(forKey: wanted.path)?.calls ?? 0 }
  }

  /// SQLite's own table of methods for files, and ours, which differs in what writes.
  private struct Methods: @unchecked Sendable {
    /// Path of the database that the file belongs to.
    var path: String
    var original: UnsafePointer<sqlite3_io_methods>
    var faulty: UnsafeMutablePointer<sqlite3_io_methods>
  }

  private static let methods = Mutex<[Methods]>([])
  nonisolated(unsafe) private static let original = sqlite3_vfs_find(nil)

  private static let installed: Bool = {
    guard let original else { return false }
    let ours = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
    ours.initialize(to: original.pointee)
    ours.pointee.pNext = nil
    ours.pointee.zName = UnsafePointer(strdup("faulty"))
    ours.pointee.xOpen = { vfs, name, file, flags, result in
      guard let original = FaultyDisk.original else { return SQLITE_CANTOPEN }
      let code = original.pointee.xOpen(vfs, name, file, flags, result)
      if code == SQLITE_OK, let file, let name { FaultyDisk.watch(file, String(cString: name)) }
      return code
    }
    return sqlite3_vfs_register(ours, 1) == SQLITE_OK
  }()

  private static func watch(_ file: UnsafeMutablePointer<sqlite3_file>, _ name: String) {
    guard let path = plans.withLock({ plans in plans.keys.first(where: name.hasPrefix) }),
      let original = file.pointee.pMethods
    else { return }
    let all = Methods(
      path: path,
      original: original,
      faulty: UnsafeMutablePointer.allocate(capacity: 1)
    )
    all.faulty.initialize(to: original.pointee)
    all.faulty.pointee.xWrite = { file, bytes, count, offset in
      guard let all = FaultyDisk.methods(of: file) else { return SQLITE_IOERR }
      if let code = FaultyDisk.failure(of: all.path) { return code }
      return all.original.pointee.xWrite(file, bytes, count, offset)
    }
    all.faulty.pointee.xSync = { file, flags in
      guard let all = FaultyDisk.methods(of: file) else { return SQLITE_IOERR }
      if let code = FaultyDisk.failure(of: all.path) { return code }
      return all.original.pointee.xSync(file, flags)
    }
    // Never freed: SQLite calls through it until the file is closed.
    methods.withLock { $0.append(all) }
    file.pointee.pMethods = UnsafePointer(all.faulty)
  }

  private static func failure(of path: String) -> Int32? {
    plans.withLock { plans in
      guard var current = plans[path] else { return nil }
      current.calls += 1
      plans[path] = current
      let fails =
        current.isLasting ? current.calls >= current.failing : current.calls == current.failing
      return fails ? current.code : nil
    }
  }

  private static func methods(of file: UnsafeMutablePointer<sqlite3_file>?) -> Methods? {
    guard let ours = file?.pointee.pMethods else { return nil }
    return methods.withLock { known in known.first { UnsafePointer($0.faulty) == ours } }
  }
}
