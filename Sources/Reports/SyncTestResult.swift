public import Settings
internal import Values

/// What became of the change of a test case.
public enum SyncTestOutcome: Sendable {
  /// A message; its partition only where `partition` of the sync asks for one.
  case message(InspectReport.Message)
  /// The row cannot be sent.
  case rejected(String)
  /// No message, for this reason.
  case nothing(String)
}

/// How a test case went.
public struct SyncTestResult: Sendable {
  /// Something that is not as it was expected.
  public struct Difference: Sendable, Hashable {
    /// What it is about, as in `headers.change` or `message.contacts[0].email`.
    public var path: String
    /// What was expected, as JSON; nil for nothing there.
    public var expected: String?
    /// What there is, as JSON; nil for nothing there.
    public var actual: String?

    /// Describes a difference.
    public init(path: String, expected: String?, actual: String?) {
      self.path = path
      self.expected = expected
      self.actual = actual
    }
  }

  /// The case.
  public var test: SyncTestCase
  /// What became of it; nil where settings and row do not fit.
  public var outcome: SyncTestOutcome?
  /// What differs.
  public var differences: [Difference] = []
  /// Why it could not be tried.
  public var error: RunError?

  /// Describes how `test` went.
  public init(
    test: SyncTestCase,
    outcome: SyncTestOutcome? = nil,
    differences: [Difference] = [],
    error: RunError? = nil
  ) {
    self.test = test
    self.outcome = outcome
    self.differences = differences
    self.error = error
  }

  /// Whether everything that is named is as it was expected.
  public var isPassed: Bool {
    if case .none = test.expectation { return false }
    return differences.isEmpty && error == nil
  }
}

extension SyncTestResult.Difference {
  var json: Value {
    .object([
      ("path", .string(path)), ("expected", expected.map(Value.init(json:)) ?? .null),
      ("actual", actual.map(Value.init(json:)) ?? .null),
    ])
  }
}
