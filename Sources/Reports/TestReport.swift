internal import Settings

public import Values

/// How one case of a sync's unit tests went.
public struct TestCaseReport: Sendable {
  /// How the case went.
  public enum Outcome: String, Sendable, Hashable, CaseIterable {
    /// Everything is as it was expected.
    case passed
    /// Something differs, or nothing is expected yet.
    case failed
    /// What came out was written down as what is expected.
    case recorded
  }

  /// What came out.
  public let result: SyncTestResult
  /// How the case went.
  public var outcome: Outcome

  /// Judges `result`.
  public init(_ result: SyncTestResult) {
    self.result = result
    outcome = result.isPassed ? .passed : .failed
  }

  /// Whether the file does not say yet what to expect.
  public var lacksExpectation: Bool {
    if case .none = result.test.expectation { return outcome == .failed && result.error == nil }
    return false
  }

  /// The entry of a list `cases`.
  public var json: Value {
    let location = result.test.location
    return .object([
      ("name", .string(result.test.name)), ("outcome", .string(outcome.rawValue)),
      ("has_expectation", .bool(!lacksExpectation)),
      ("differences", .array(result.differences.map(\.json))), ("file", .string(location.file)),
      ("line", .integer(location.line)), ("column", .integer(location.column)),
      ("error", result.error?.json ?? .null),
    ])
  }
}

/// How the unit tests of one sync went.
public struct SyncTestReport: SyncReport {
  /// Name of the sync.
  public var sync: String
  /// The cases, in the order of the file.
  public var cases: [TestCaseReport]

  /// Collects the cases of a sync.
  public init(sync: String, cases: [TestCaseReport]) {
    self.sync = sync
    self.cases = cases
  }

  /// The sync and its cases.
  public var json: Value {
    .object([("sync", .string(sync)), ("cases", .array(cases.map(\.json)))])
  }
}
