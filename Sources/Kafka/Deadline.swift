/// An instant after which nobody waits any longer.
struct Deadline {
  private let instant: ContinuousClock.Instant

  init(after duration: Duration) {
    instant = .now + duration
  }

  var isPast: Bool { instant <= .now }

  var remaining: Duration { max(instant - .now, .zero) }

  /// The time left in milliseconds, at most `limit`, never negative.
  func milliseconds(atMost limit: Int32 = .max) -> Int32 {
    min(remaining.milliseconds, limit)
  }
}

extension Duration {
  /// Whole milliseconds as librdkafka takes them, rounded up.
  var milliseconds: Int32 {
    let (seconds, attoseconds) = components
    guard seconds < 2_000_000 else { return 2_000_000_000 }
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    return Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}
