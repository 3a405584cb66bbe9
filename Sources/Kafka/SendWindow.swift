/// How many messages librdkafka may have at a time.
///
/// Each message there lies in memory of its own, so that many under way cost more time each than few
/// do; but too few leave a distant cluster idle. So the window begins small. While it is what limits,
/// it doubles as long as that makes sending faster by a quarter, else it goes back by one step. After
/// many messages it is tried again, since networks change.
struct SendWindow {
  /// Most messages at a time: what librdkafka's queue holds.
  static let countMax = 20_000
  static let countMin = 2_500
  private static let gainMin = 1.25
  /// A rate is taken over so many windows, so that filling a larger one counts little.
  private static let windowsPerSample = 16
  /// Messages after which a larger window is tried again.
  private static let restCount = 2_000_000

  /// Messages at a time, at most.
  private(set) var count = Self.countMin
  private var sampleCount = 0
  private var sampleStart: ContinuousClock.Instant?
  private var isLimiting = false
  /// Messages a second with the window before this one; nil if this one is not on trial.
  private var rateBefore: Double?
  private var rest = 0

  /// Takes in that `added` messages were handed over until `now`, and whether they had to wait for
  /// room in the window.
  mutating func note(added: Int, waited: Bool, now: ContinuousClock.Instant) {
    sampleCount += added
    rest -= added
    isLimiting = isLimiting || waited
    guard let start = sampleStart else { return begin(now) }
    guard sampleCount >= Self.windowsPerSample * count else { return }
    let rate = Double(sampleCount) / max((now - start) / .seconds(1), 1e-6)
    if isLimiting { judge(rate) } else { rateBefore = nil }
    begin(now)
  }

  private mutating func begin(_ now: ContinuousClock.Instant) {
    (sampleCount, sampleStart, isLimiting) = (0, now, false)
  }

  private mutating func judge(_ rate: Double) {
    if let rateBefore, rate < rateBefore * Self.gainMin {
      count = max(count / 2, Self.countMin)
      (self.rateBefore, rest) = (nil, Self.restCount)
    } else if rest <= 0, count < Self.countMax {
      count = min(count * 2, Self.countMax)
      rateBefore = rate
    } else {
      rateBefore = nil
    }
  }
}
