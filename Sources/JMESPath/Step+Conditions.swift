internal import Text
internal import Values

/// A comparison; null where two values cannot be ordered.
final class ComparisonStep: ChangingStep, @unchecked Sendable {
  private let comparison: Comparison
  private let left: Step
  private let right: Step

  init(_ comparison: Comparison, left: Step, right: Step) {
    self.comparison = comparison
    self.left = left
    self.right = right
  }

  override func evaluate(
    _ value: Value,
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> Value {
    try compare(value, &evaluator).map(Value.bool) ?? .null
  }

  override func holds(
    _ value: Value,
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> Bool {
    try compare(value, &evaluator) ?? false
  }

  private func compare(
    _ value: Value,
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> Bool? {
    try evaluator.charge(1)
    let first = try left.evaluate(value, &evaluator)
    let second = try right.evaluate(value, &evaluator)
    switch comparison {
    case .equal: return try evaluator.equal(first, second)
    case .unequal: return !(try evaluator.equal(first, second))
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      return Value.compareNumbers(first, second).map { comparison.holds($0) }
    }
  }
}

/// The first value where it is taken for true, else the second.
final class OrStep: ChangingStep, @unchecked Sendable {
  private let left: Step
  private let right: Step

  init(_ left: Step, _ right: Step) {
    self.left = left
    self.right = right
  }

  override func evaluate(
    _ value: Value,
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> Value {
    try evaluator.charge(1)
    let first = try left.evaluate(value, &evaluator)
    return first.isTruthy ? first : try right.evaluate(value, &evaluator)
  }

  override func write(
    _ value: Value,
    _ evaluator: inout Evaluator,
    to output: inout ByteBuffer
  ) throws(JMESPathError) -> Bool {
    try evaluator.charge(1)
    let first = try left.evaluate(value, &evaluator)
    if first.isTruthy { return evaluator.append(first, to: &output) }
    return try right.write(value, &evaluator, to: &output)
  }
}

/// The first value where it is not taken for true, else the second.
final class AndStep: ChangingStep, @unchecked Sendable {
  private let left: Step
  private let right: Step

  init(_ left: Step, _ right: Step) {
    self.left = left
    self.right = right
  }

  override func evaluate(
    _ value: Value,
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> Value {
    try evaluator.charge(1)
    let first = try left.evaluate(value, &evaluator)
    return first.isTruthy ? try right.evaluate(value, &evaluator) : first
  }

  override func write(
    _ value: Value,
    _ evaluator: inout Evaluator,
    to output: inout ByteBuffer
  ) throws(JMESPathError) -> Bool {
    try evaluator.charge(1)
    let first = try left.evaluate(value, &evaluator)
    if !first.isTruthy { return evaluator.append(first, to: &output) }
    return try right.write(value, &evaluator, to: &output)
  }
}

/// Whether a value is not taken for true.
final class NotStep: ChangingStep, @unchecked Sendable {
  private let inner: Step

  init(_ inner: Step) { self.inner = inner }

  override func evaluate(
    _ value: Value,
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> Value {
    try evaluator.charge(1)
    return .bool(!(try inner.holds(value, &evaluator)))
  }
}

extension Comparison {
  fileprivate func holds(_ order: NumericOrder) -> Bool {
    switch self {
    case .equal: order == .same
    case .unequal: order != .same
    case .less: order == .ascending
    case .lessOrEqual: order != .descending
    case .greater: order == .descending
    case .greaterOrEqual: order != .ascending
    }
  }
}
