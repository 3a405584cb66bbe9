public import Values

/// Why a row was not delivered.
public enum ProblemKind: String, Sendable, Hashable, CaseIterable {
  /// It has no valid key of its own.
  case invalid
  /// It cannot be made a message, or the broker refuses it.
  case rejected
  /// The batch it was in could not be sent.
  case failed
}

/// The rows of one run that were not delivered for one reason.
public struct ProblemGroup: Sendable, Hashable {
  /// Why they were not.
  public var kind: ProblemKind
  /// What is wrong and where.
  public var reason: String
  /// How many there are.
  public var rows: Int
  /// Primary key of the first of them as text; nil if that has none.
  public var first: String?

  /// Describes a group.
  public init(kind: ProblemKind, reason: String, rows: Int, first: String?) {
    self.kind = kind
    self.reason = reason
    self.rows = rows
    self.first = first
  }

  /// The entry of a list `problems`.
  public var json: Value {
    .object([
      ("reason", .string(reason)), ("rows", .integer(rows)), ("first", .optional(first)),
    ])
  }
}
