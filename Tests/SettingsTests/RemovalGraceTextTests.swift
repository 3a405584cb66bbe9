import Settings
import Testing

@Suite struct RemovalGraceTextTests {
  @Test(arguments: [
    ("1 run", RemovalGrace.results(1)), ("2 runs", .results(2)), ("030 runs", .results(30)),
    ("30min", .time(.seconds(1800))), ("2d", .time(.seconds(172_800))),
  ])
  func `what means a grace is read`(_ text: String, _ grace: RemovalGrace) {
    #expect(RemovalGrace.parse(text) == grace)
  }

  @Test(arguments: [
    "", "2", "0 runs", "0s", "runs", " runs", "-1 runs", "+2 runs", "2  runs", "2 Runs", "two runs",
    "٢ runs",
    "99999999999999999999 runs", "1.5h", "2 runs ",
  ])
  func `what means none is refused`(_ text: String) {
    #expect(RemovalGrace.parse(text) == nil)
  }

  @Test func `it is written as it is read`() {
    for text in ["1 run", "2 runs", "30min", "500ms"] {
      #expect(RemovalGrace.parse(text)?.text == text)
    }
  }
}
