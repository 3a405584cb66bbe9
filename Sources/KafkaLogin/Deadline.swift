/// An instant after which nobody waits any longer.
struct Deadline: Sendable {
  private let instant: ContinuousClock.Instant

  init(after duration: Duration) {
    instant = .now + duration
  }

  /// The earlier of two.
  func earlier(_ other: Deadline) -> Deadline { instant < other.instant ? self : other }

  var isPast: Bool { instant <= .now }

  /// The time left in milliseconds, rounded up, at most an hour.
  var milliseconds: Int32 {
    let (seconds, attoseconds) = max(instant - .now, .zero).components
    guard seconds < 3600 else { return 3_600_000 }
    return Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}
