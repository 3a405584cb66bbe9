import Sync
import Synchronization

/// Says once a minute that something is due: services that are called by a loop want no more.
final class Pacing: Sendable {
  private let clock: RunClock
  private let last = Mutex<ContinuousClock.Instant?>(nil)
  private static let distance = Duration.seconds(60)

  /// Measures by `clock`; the first time is due at once.
  init(_ clock: RunClock) {
    self.clock = clock
  }

  /// Whether a minute has passed since this was last true.
  func isDue() -> Bool {
    let now = clock.now()
    return last.withLock { last in
      if let last, now - last < Self.distance { return false }
      last = now
      return true
    }
  }
}
