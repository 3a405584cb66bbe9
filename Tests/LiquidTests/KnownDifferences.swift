/// The cases of the suites that do not come out as the reference has it, and why.
enum KnownDifferences {
  static func reason(for test: LiquidCase) -> String? { reasons[test.name] }

  private static let reasons: [String: String] = [:]
}
