/// The time that a run measures by; a test brings its own.
struct RunClock: Sendable {
  /// Monotonic time.
  let now: @Sendable () -> ContinuousClock.Instant
  /// The time of day, in microseconds since 1970.
  let wallTime: @Sendable () -> Int

  /// A clock whose time of day is the machine's, unless it is given.
  init(
    now: @escaping @Sendable () -> ContinuousClock.Instant,
    wallTime: @escaping @Sendable () -> Int = { WallClock.microseconds() }
  ) {
    self.now = now
    self.wallTime = wallTime
  }

  /// The machine's.
  static let live = Self(now: { ContinuousClock.now })
}
