/// Decides when to say that a destination keeps a run waiting: once, and not for a short while.
///
/// For waits that are looked at again and again; single calls are watched by their destination.
public struct WaitingNotice {
  /// So long nobody is told.
  public static let patience = Duration.seconds(2)

  private let clock: RunClock
  private var since: ContinuousClock.Instant?
  private var isTold = false

  /// Begins with nothing to wait for.
  public init(clock: RunClock) {
    self.clock = clock
  }

  /// Takes in whether the run waits now, and returns whether this is the moment to say so.
  public mutating func isDue(isWaiting: Bool) -> Bool {
    if isTold { return false }
    guard isWaiting else {
      since = nil
      return false
    }
    let now = clock.now()
    let start = since ?? now
    since = start
    isTold = now - start >= Self.patience
    return isTold
  }
}
