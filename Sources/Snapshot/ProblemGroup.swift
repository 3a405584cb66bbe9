/// The rows of one run that were not delivered for one reason.
public struct ProblemGroup: Sendable, Hashable {
  /// Why they were not.
  public var kind: Problem.Kind
  /// What is wrong and where.
  public var reason: String
  /// How many there are.
  public var rows: Int
  /// Key of the first of them; nil if that has none.
  public var first: String?

  /// Describes a group.
  public init(kind: Problem.Kind, reason: String, rows: Int, first: String?) {
    self.kind = kind
    self.reason = reason
    self.rows = rows
    self.first = first
  }
}
