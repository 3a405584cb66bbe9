public import Settings
public import Values

/// What one test on the rows of a model found.
public struct RowTestReport: Sendable, Hashable {
  /// What the test is called.
  public var test: String
  /// What a row that fails means.
  public var severity: RowTest.Severity
  /// Where the test was written.
  public var location: SourceLocation
  /// Rows that fail.
  public var rows = 0
  /// Primary keys of the first of them that have one.
  public var examples: [String] = []

  /// Nothing was found yet.
  public init(_ test: RowTest) {
    self.test = test.title
    severity = test.severity
    location = test.location
  }

  /// Whether rows fail.
  public var isFailed: Bool { rows > 0 }

  /// How many rows fail, without examples.
  public var finding: String { "test \(test): \(rows == 1 ? "1 row fails" : "\(rows) rows fail")" }

  /// The same, with examples.
  public var text: String {
    if examples.isEmpty { return finding }
    let rest = examples.count < rows ? ", …" : ""
    return "\(finding) (\(examples.joined(separator: ", "))\(rest))"
  }

  /// The entry of a list `tests`.
  public var json: Value {
    .object(
      [
        ("test", .string(test)), ("severity", .string(severity.rawValue)),
        ("rows", .integer(rows)), ("examples", .array(examples.map(Value.string))),
      ] + SourceLocation.members(location)
    )
  }
}
