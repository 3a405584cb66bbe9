/// The time that a run measures by; a test brings its own.
public struct RunClock: Sendable {
  /// Monotonic time.
  let now: @Sendable () -> ContinuousClock.Instant
  /// The time of day, in microseconds since 1970.
  var wallTime: @Sendable () -> Int = { WallClock.microseconds() }
  /// Returns at an instant; throws if its task is cancelled before.
  var wait: @Sendable (ContinuousClock.Instant) async throws -> Void = { instant in
    try await Task.sleep(until: instant, clock: .continuous)
  }

  /// The machine's.
  public static let live = Self(now: { ContinuousClock.now })
}
