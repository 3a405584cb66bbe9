internal import Glibc

/// Keeps a second run of one sync away; ends with the process, however that ends.
///
/// The lock belongs to the open file, not to the process (Linux' "open file description" lock):
/// unlike `flock` it can be asked for without being taken, so that a report never keeps a run away.
/// A run takes both: an earlier Sluice knows `flock` alone, and may still be at work, or be started
/// by another crontab, on the same state.
public final class RunLock: Sendable {
  // Of <fcntl.h>; Swift imports neither.
  private static let ask: Int32 = 36  // F_OFD_GETLK
  private static let set: Int32 = 37  // F_OFD_SETLK

  private let descriptor: Int32

  /// Takes the lock of the file at `path`, which is made if there is none.
  ///
  /// Returns nil if another run holds it. Throws if the file cannot be made or locked.
  public init?(path: String) throws(StateError) {
    let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.error(path) }
    var whole = Self.wholeFile()
    let isTaken =
      fcntl(descriptor, Self.set, &whole) == 0 && flock(descriptor, LOCK_EX | LOCK_NB) == 0
    guard isTaken else {
      let code = errno
      // Gives back the first lock if the second was refused.
      close(descriptor)
      if code == EAGAIN || code == EACCES { return nil }
      errno = code
      throw Self.error(path)
    }
    self.descriptor = descriptor
  }

  deinit {
    // Closing alone is not enough: a program that another thread starts just now has the file open,
    // too, until it has replaced itself.
    var whole = Self.wholeFile()
    whole.l_type = Int16(F_UNLCK)
    _ = fcntl(descriptor, Self.set, &whole)
    _ = flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// Whether a living process holds the lock of the file at `path`; takes and makes nothing.
  ///
  /// A run of an earlier Sluice, which holds only `flock`, is not seen.
  /// Throws a ``StateError`` if the file cannot be read.
  public static func isHeld(path: String) throws(StateError) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 {
      if errno == ENOENT { return false }
      throw error(path)
    }
    defer { close(descriptor) }
    var whole = wholeFile()
    guard fcntl(descriptor, ask, &whole) == 0 else { throw error(path) }
    return whole.l_type != Int16(F_UNLCK)
  }

  private static func wholeFile() -> flock {
    var lock = flock()
    lock.l_type = Int16(F_WRLCK)
    lock.l_whence = Int16(SEEK_SET)
    return lock
  }

  /// What `errno` says.
  private static func error(_ path: String) -> StateError {
    let code = errno
    return StateError(
      code: code == ENOSPC ? .diskFull : .inaccessible,
      path: path,
      message: "cannot open the lock: \(String(cString: strerror(code)))",
      hint: "check the permissions of the folder"
    )
  }
}
