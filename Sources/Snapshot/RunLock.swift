internal import Glibc

/// Keeps a second run of one sync away; ends with the process, however that ends.
public final class RunLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock of the file at `path`, which is made where there is none.
  ///
  /// Returns nil where another process holds it.
  public init?(path: String) throws(StateError) {
    let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw StateError(
        code: errno == ENOSPC ? .diskFull : .inaccessible,
        path: path,
        message: "cannot open the lock: \(String(cString: strerror(errno)))",
        hint: "check the permissions of the folder"
      )
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      return nil
    }
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
  }
}
