import Glibc

/// A lock on a folder, which ends with the last reference and with the process.
///
/// The folder itself is locked: no file has to be made for it, and none is left behind.
public final class FolderLock: Sendable {
  private let descriptor: Int32

  /// Waits for the lock on the folder of the file at `path`; nil if it cannot be had before
  /// `deadline`, or the file system has no locks.
  ///
  /// Blocks the calling thread.
  public init?(around path: String, before deadline: Deadline) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      // A lock tells nobody when it is released: ask again.
      guard errno == EWOULDBLOCK || errno == EINTR, !deadline.isPast else {
        close(descriptor)
        return nil
      }
      usleep(10_000)
    }
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
  }
}
