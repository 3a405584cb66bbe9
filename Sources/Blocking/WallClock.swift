import Glibc

/// The time of day.
public enum WallClock {
  /// Microseconds since 1970.
  public static func microseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
  }
}
