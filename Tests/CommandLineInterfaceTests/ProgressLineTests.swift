import Reports
import Testing

@testable import CommandLineInterface

@Suite struct ProgressLineTests {
  private static func counts(read: Int, sent: Int = 0, submitted: Int = 0) -> RunCounts {
    var counts = RunCounts()
    counts.read = read
    counts.added = read
    counts.submitted = submitted
    counts.sent = sent
    return counts
  }

  /// What the terminal shows after `events`, of which each comes a second after the one before.
  private static func shown(_ events: [RunEvent], width: Int = 200) -> String {
    let errors = MemorySink(isTerminal: true, width: width)
    let clock = TestClock(step: 1000)
    let console = Console(output: MemorySink(), errors: errors, now: { clock.next() })
    let line = ProgressLine("customers", on: console)
    for event in events { line.take(event) }
    return errors.text.split(separator: "\r\u{1B}[K").last.map(String.init) ?? ""
  }

  @Test func `a run that knows what to expect says how far it is and how long it takes`() {
    let line = Self.shown([
      .entered(.scanning), .expected(rows: 40_000), .counted(Self.counts(read: 10_000)),
    ])
    #expect(line.hasPrefix("customers: scanning · 10,000 rows · "))
    #expect(line.contains(" · 25 % · "))
    #expect(line.contains(" s left · 10,000 added"))
  }

  @Test func `more rows than expected, or none expected, promise nothing`() {
    let more = Self.shown([
      .entered(.scanning), .expected(rows: 5), .counted(Self.counts(read: 10)),
    ])
    #expect(!more.contains("%") && !more.contains("left"))
    let first = Self.shown([.entered(.scanning), .counted(Self.counts(read: 10))])
    #expect(!first.contains("%"))
  }

  @Test func `what is sent after the scan has no percentage of rows`() {
    let line = Self.shown([
      .expected(rows: 100), .entered(.delivering),
      .counted(Self.counts(read: 10, sent: 3, submitted: 7)),
    ])
    #expect(line.hasSuffix("10 added · 3 of 7 acknowledged") && !line.contains("%"))
  }

  @Test func `a narrow terminal shows the start of the line`() {
    let line = Self.shown([.counted(Self.counts(read: 1_000_000))], width: 30)
    #expect(line == "customers: connecting · 1,00…")
  }
}
