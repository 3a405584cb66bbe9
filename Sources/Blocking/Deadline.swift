/// An instant after which nobody waits any longer.
public struct Deadline: Sendable {
  private let instant: ContinuousClock.Instant

  /// The instant `duration` from now.
  public init(after duration: Duration) {
    instant = .now + duration
  }

  /// Returns the earlier of two.
  public func earlier(_ other: Deadline) -> Deadline { instant < other.instant ? self : other }

  /// Whether the instant has come.
  public var isPast: Bool { instant <= .now }

  /// The time left, never negative.
  public var remaining: Duration { max(instant - .now, .zero) }

  /// The time left in milliseconds, rounded up, never negative; by default at most an hour.
  public func milliseconds(atMost limit: Int32 = 3_600_000) -> Int32 {
    min(remaining.milliseconds, limit)
  }
}

extension Duration {
  /// Whole milliseconds as C libraries take them: rounded up, from 0 to two billion.
  public var milliseconds: Int32 {
    let (seconds, attoseconds) = components
    guard seconds < 2_000_000 else { return 2_000_000_000 }
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    return Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}
