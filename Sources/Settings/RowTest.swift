/// What must hold of the rows of a model before any of them is sent: one of its `tests:`.
public struct RowTest: Sendable {
  /// What is tested.
  public enum Rule: Sendable, Hashable {
    /// A column is never NULL.
    case notNull(String)
    /// No two rows share the values of columns; rows with a NULL in one of them share nothing.
    case unique([String])
    /// A column holds nothing but these values; NULL passes.
    case acceptedValues(column: String, values: [Literal])
    /// A condition of SQL is not false; NULL passes, as with CHECK.
    case expression(String)
  }

  /// What a row that fails means.
  public enum Severity: String, Sendable, Hashable, CaseIterable {
    /// The run stops before its first message.
    case error
    /// It is told, and the run continues.
    case warn
  }

  /// What is tested.
  public var rule: Rule
  /// What the user calls it; nil if the rule is its name.
  public var name: String?
  /// What a row that fails means.
  public var severity: Severity
  /// Where it was written.
  public var location: SourceLocation

  /// Creates a test.
  public init(_ rule: Rule, name: String?, severity: Severity, location: SourceLocation) {
    self.rule = rule
    self.name = name
    self.severity = severity
    self.location = location
  }

  /// How it is called, as in `not_null(email)`.
  public var title: String {
    if let name { return name }
    return switch rule {
    case .notNull(let column): "not_null(\(column))"
    case .unique(let columns): "unique(\(columns.joined(separator: ", ")))"
    case .acceptedValues(let column, _): "accepted_values(\(column))"
    case .expression(let sql): "expression(\(sql))"
    }
  }

  /// The columns that it names; those of an expression only the database knows.
  public var columns: [String] {
    switch rule {
    case .notNull(let column), .acceptedValues(let column, _): [column]
    case .unique(let columns): columns
    case .expression: []
    }
  }
}

/// Results of other tools that must be good before a model is sent: its `gate:`.
public struct ModelGate: Sendable, Hashable {
  /// Absolute path of dbt's `run_results.json`.
  public var dbtRunResults: String
  /// The path as it is shown.
  public var shown: String
  /// Where it was written.
  public var location: SourceLocation

  /// Names the file.
  public init(dbtRunResults: String, shown: String, location: SourceLocation) {
    self.dbtRunResults = dbtRunResults
    self.shown = shown
    self.location = location
  }
}
