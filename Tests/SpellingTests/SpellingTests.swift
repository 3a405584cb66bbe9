import Testing

@testable import Spelling

@Suite struct SpellingTests {
  @Test(arguments: [
    ("upcsae", "upcase"), ("fi", "if"), ("IF", "if"), ("customer", "customers"),
    ("orders", "Orders"), ("dowcase", "downcase"),
  ])
  func `a slip of the fingers is found`(typed: String, meant: String) {
    #expect(Spelling.nearest(to: typed, among: ["if", "upcase", "downcase", meant]) == meant)
  }

  @Test(arguments: ["x", "ix", "of", "nonsense", "", String(repeating: "u", count: 200)])
  func `a word that is near to nothing has no suggestion`(typed: String) {
    #expect(Spelling.nearest(to: typed, among: ["if", "h", "upcase", "downcase"]) == nil)
    #expect(Spelling.question(for: typed, among: ["if", "h"]) == "")
    #expect(Spelling.hint(for: typed, among: ["if", "h"]) == nil)
  }

  @Test func `of two that are equally near the first is suggested`() {
    #expect(Spelling.nearest(to: "bat", among: ["cat", "hat"]) == "cat")
    #expect(Spelling.hint(for: "bat", among: ["hat", "cat"]) == "did you mean `hat`?")
  }
}
