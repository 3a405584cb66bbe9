import Testing

@testable import Kafka

@Suite struct SendWindowTests {
  /// The window after `messages` that a cluster takes as it does: at most `windowsPerSecond` windows,
  /// and `perSecond` messages.
  private func window(
    after messages: Int,
    windowsPerSecond: Double,
    perSecond: Double,
    _ window: SendWindow = SendWindow(),
    waits: Bool = true
  ) -> SendWindow {
    var window = window
    var now = ContinuousClock.now
    for _ in 0..<(messages / 250) {
      now += .seconds(250 / min(windowsPerSecond * Double(window.count), perSecond))
      window.note(added: 250, waited: waits, now: now)
    }
    return window
  }

  @Test func `a cluster nearby keeps it small`() {
    let window = window(after: 5_000_000, windowsPerSecond: 500, perSecond: 400_000)
    #expect(window.count == SendWindow.countMin)
  }

  @Test func `a distant cluster gets what librdkafka holds`() {
    let window = window(after: 2_000_000, windowsPerSecond: 20, perSecond: 1_000_000)
    #expect(window.count == SendWindow.countMax)
  }

  @Test func `it grows as far as that helps`() {
    let window = window(after: 1_000_000, windowsPerSecond: 40, perSecond: 220_000)
    #expect(window.count == 2 * SendWindow.countMin)
  }

  @Test func `a cluster that becomes distant gets more`() {
    let near = window(after: 1_000_000, windowsPerSecond: 500, perSecond: 400_000)
    let far = window(after: 6_000_000, windowsPerSecond: 20, perSecond: 1_000_000, near)
    #expect(far.count == SendWindow.countMax)
  }

  @Test func `what never waits changes nothing`() {
    let window = window(
      after: 5_000_000,
      windowsPerSecond: 20,
      perSecond: 1_000_000,
      waits: false
    )
    #expect(window.count == SendWindow.countMin)
  }
}
