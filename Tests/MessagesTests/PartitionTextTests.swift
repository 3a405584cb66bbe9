import Testing

@testable import Messages

@Suite struct PartitionTextTests {
  private func parse(_ text: String) -> PartitionText {
    Array(text.utf8).withUnsafeBytes { PartitionText.parse($0) }
  }

  @Test(arguments: [
    ("0", 0), ("7", 7), ("007", 7), ("2147483647", 2_147_483_647), ("2.0", 2), ("12.000", 12),
    ("0.0", 0), ("-0.0", 0),
  ])
  func `a whole number is a partition, also one that is stored as a float`(
    text: String,
    expected: Int
  ) {
    #expect(parse(text) == .number(expected))
  }

  @Test(arguments: [
    "-1", "-1.0", "2147483648.0", "2147483648", "99999999999999999999", "-99999999999999999999",
  ])
  func `whole numbers that no partition has are out of range`(text: String) {
    #expect(parse(text) == .outOfRange)
  }

  @Test(arguments: [
    "", "-", ".", "2.", ".0", "2.0.0", "2.0x", "2.01", "3.7", "x", " 1", "1 ", "+1", "1e2", "٣",
    "true", "null", "NaN",
  ])
  func `anything else counts as absent`(text: String) {
    #expect(parse(text) == .absent)
  }

  @Test func `minus zero is zero`() {
    #expect(parse("-0") == .number(0))
  }
}
