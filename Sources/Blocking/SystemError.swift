import Glibc

/// What the operating system says of a failed call.
public enum SystemError {
  /// The meaning of the last `errno` of this thread.
  public static func text() -> String { text(errno) }

  /// The meaning of an `errno`.
  public static func text(_ code: Int32) -> String {
    String(cString: strerror(code))
  }
}
