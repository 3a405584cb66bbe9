import Glibc

/// The time, as a template asks for it.
///
/// A parameter of rendering, so that the same template gives the same output in a test and when a
/// run is repeated.
public struct TemplateClock: Sendable {
  /// The time of day: seconds since 1970-01-01T00:00:00Z and nanoseconds.
  public var now: @Sendable () -> (seconds: Int, nanoseconds: Int)

  /// Nanoseconds that only grow, to measure how long rendering takes.
  public var elapsed: @Sendable () -> UInt64

  /// Creates a clock.
  public init(
    now: @escaping @Sendable () -> (seconds: Int, nanoseconds: Int),
    elapsed: @escaping @Sendable () -> UInt64 = { TemplateClock.monotonic() }
  ) {
    self.now = now
    self.elapsed = elapsed
  }

  /// The clock of the system.
  public static let system = TemplateClock(now: {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return (time.tv_sec, time.tv_nsec)
  })

  /// A clock whose time of day stands still.
  public static func fixed(seconds: Int, nanoseconds: Int = 0) -> TemplateClock {
    TemplateClock(now: { (seconds, nanoseconds) })
  }

  /// Nanoseconds of the system's monotonic clock.
  public static func monotonic() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }
}
