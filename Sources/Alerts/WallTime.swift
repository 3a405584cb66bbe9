internal import Glibc

/// The machine's time of day.
enum WallTime {
  /// Microseconds since 1970.
  static func microseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
  }

  /// Seconds since 1970.
  static func seconds() -> Int { microseconds() / 1_000_000 }
}
