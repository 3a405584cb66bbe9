import Testing

@testable import Settings

@Suite struct TopicNameTests {
  private func flaw(_ name: String) -> TopicName.Flaw? {
    Array(name.utf8).withUnsafeBytes { TopicName.flaw(in: $0) }
  }

  @Test(arguments: ["a", "...", "orders.v2_EU-1", String(repeating: "x", count: 249)])
  func `a name that Kafka takes has no flaw`(name: String) {
    #expect(flaw(name) == nil)
    #expect(TopicName.problem(name) == nil)
  }

  @Test(
    arguments: [
      ("", .empty), (".", .dots), ("..", .dots), ("a b", .character), ("größe", .character),
      ("a/b", .character), (String(repeating: "x", count: 250), .tooLong),
    ] as [(String, TopicName.Flaw)]
  )
  func `a file and a row are told of the same flaw`(name: String, expected: TopicName.Flaw) {
    #expect(flaw(name) == expected)
    #expect(TopicName.problem(name) != nil)
  }

  @Test func `a file is told the character, a row's value is not repeated`() {
    #expect(TopicName.problem("größe") == "a topic's name cannot have the character 'ö'")
    #expect(TopicName.problem("a b")?.contains("' '") == true)
    for flaw in TopicName.Flaw.allCases { #expect(!flaw.reason.contains("größe")) }
  }
}
