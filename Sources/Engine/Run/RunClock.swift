/// The time that a run measures by; a test brings its own.
struct RunClock: Sendable {
  /// Monotonic time.
  let now: @Sendable () -> ContinuousClock.Instant

  /// The machine's.
  static let live = Self { ContinuousClock.now }
}
