internal import Blocking

/// The time that a run measures by; a test brings its own.
public struct RunClock: Sendable {
  /// Monotonic time.
  public let now: @Sendable () -> ContinuousClock.Instant
  /// The time of day, in microseconds since 1970.
  public var wallTime: @Sendable () -> Int
  /// Returns at an instant; throws if its task is cancelled before.
  public var wait: @Sendable (ContinuousClock.Instant) async throws -> Void

  /// Creates a clock; what is not given is the machine's.
  public init(
    now: @escaping @Sendable () -> ContinuousClock.Instant,
    wallTime: @escaping @Sendable () -> Int = { RunClock.machineTime() },
    wait: @escaping @Sendable (ContinuousClock.Instant) async throws -> Void = { instant in
      try await Task.sleep(until: instant, clock: .continuous)
    }
  ) {
    self.now = now
    self.wallTime = wallTime
    self.wait = wait
  }

  /// The machine's time of day, in microseconds since 1970.
  public static func machineTime() -> Int { WallClock.microseconds() }

  /// The machine's.
  public static let live = Self(now: { ContinuousClock.now })
}
