public import Reports
public import Settings

/// A row that was not delivered, for the report.
public struct Problem: Sendable, Hashable {
  /// Why it was not delivered.
  public var kind: ProblemKind
  /// What happened to the row, nil if it identifies none.
  public var change: Change?
  /// Its key, columns separated by commas; nil if that is NULL.
  public var key: String?
  /// What is wrong and where, the same for every row with this fault.
  public var reason: String
  /// What differs from row to row; nil if nothing does.
  public var detail: String?
  /// Number of the shape of ``line``.
  public var shape: Int?
  /// Its line, for those who ask for values.
  public var line: [UInt8]?

  /// Reason and detail.
  public var text: String { detail.map { "\(reason) (\($0))" } ?? reason }

  /// Describes a problem.
  public init(
    kind: ProblemKind,
    change: Change? = nil,
    key: String?,
    reason: String,
    detail: String? = nil,
    shape: Int? = nil,
    line: [UInt8]? = nil
  ) {
    self.kind = kind
    self.change = change
    self.key = key
    self.reason = reason
    self.detail = detail
    self.shape = shape
    self.line = line
  }
}
