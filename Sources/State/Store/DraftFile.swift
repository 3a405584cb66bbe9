internal import Glibc

/// A file that is being written under a name of its own, until it is whole and gets its real one.
///
/// Its name says which process writes it, and a lock on it that this process lives; the lock is seen by
/// other containers, too, which know other processes. One that a killed process left behind is deleted
/// by the next who writes a draft into the same folder.
final class DraftFile {
  /// Where the draft is.
  let path: String
  private let descriptor: Int32

  private static let mark = ".partial-"
  /// What SQLite may have put beside it.
  private static let suffixes = ["", "-journal", "-wal", "-shm"]

  /// The draft of `file` by this process.
  static func path(for file: String) -> String { "\(file)\(mark)\(getpid())" }

  /// Makes an empty draft at `path`, of mode 0600, and deletes abandoned ones beside it.
  ///
  /// Nil, with `errno`, if it cannot be made.
  init?(_ path: String) {
    self.path = path
    Self.removeAbandoned(beside: path)
    descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    if descriptor < 0 { return nil }
    // Not `fcntl`: those locks are SQLite's.
    _ = flock(descriptor, LOCK_EX | LOCK_NB)
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  private static func removeAbandoned(beside path: String) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
    guard let entries = opendir(folder) else { return }
    defer { closedir(entries) }
    while let entry = readdir(entries) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard let process = process(in: name), isAbandoned(folder + name, by: process) else {
        continue
      }
      for suffix in suffixes { unlink(folder + name + suffix) }
    }
  }

  /// The process that writes the draft with this name; nil if it is another file.
  private static func process(in name: String) -> pid_t? {
    guard let digits = name.split(separator: "-").last, name.hasSuffix("\(mark)\(digits)"),
      let process = pid_t(digits), process > 0
    else { return nil }
    return process
  }

  private static func isAbandoned(_ path: String, by process: pid_t) -> Bool {
    if kill(process, 0) == 0 || errno != ESRCH { return false }
    let draft = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard draft >= 0 else { return false }
    defer { close(draft) }
    var status = stat()
    return fstat(draft, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
      && flock(draft, LOCK_EX | LOCK_NB) == 0
  }
}
