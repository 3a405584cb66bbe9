/// An expression as it was written.
indirect enum Expression: Sendable {
  case literal(Operand)
  case lookup(Lookup)
  case range(Expression, Expression)

  static let null = Expression.literal(.null)

  var isLiteral: Bool {
    if case .literal = self { return true }
    return false
  }
}

/// A variable and the way into it: `name.member[index]`.
struct Lookup: Sendable {
  enum Name: Sendable {
    case plain(String)
    case computed(Expression)
  }

  enum Segment: Sendable {
    /// After a dot; `size`, `first` and `last` may be commands.
    case member(String)
    /// In square brackets.
    case index(Expression)
  }

  var name: Name
  var segments: [Segment] = []
  /// Where it begins in the source, in bytes.
  var offset: Int
}

/// A filter as it is called.
struct FilterCall {
  var name: String
  var arguments: [Expression] = []
  var keywords: [(name: String, value: Expression)] = []
  var offset: Int
}

/// An expression with filters behind it.
struct FilteredExpression {
  var base: Expression
  var filters: [FilterCall] = []
  var offset: Int
}

/// What `if` asks.
indirect enum Condition {
  case truth(Expression)
  case comparison(Comparison, Expression, Expression)
  case unknown(String)
  case and(Condition, Condition)
  case or(Condition, Condition)
}

enum Comparison: String {
  case equal = "=="
  case notEqual = "!="
  case alsoNotEqual = "<>"
  case less = "<"
  case greater = ">"
  case lessOrEqual = "<="
  case greaterOrEqual = ">="
  case contains
}
