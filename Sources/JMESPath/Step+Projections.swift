internal import Values

/// The items of an array, those of arrays in it one by one.
final class FlattenStep: ChangingStep, @unchecked Sendable {
  private let array: Step

  init(_ array: Step) { self.array = array }

  override func evaluate(
    _ value: Value,
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> Value {
    try evaluator.charge(1)
    guard case .array(let items) = try array.evaluate(value, &evaluator) else { return .null }
    var result: [Value] = []
    result.reserveCapacity(items.count)
    for item in items {
      if case .array(let inner) = item {
        try evaluator.charge(inner.count)
        result += inner
      } else {
        result.append(item)
      }
    }
    return .array(result)
  }
}

/// What a step makes of each item of an array; null is left out.
final class ProjectionStep: ChangingStep, @unchecked Sendable {
  private let array: Step
  private let each: Step

  init(_ array: Step, _ each: Step) {
    self.array = array
    self.each = each
  }

  override func evaluate(
    _ value: Value,
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> Value {
    try evaluator.charge(1)
    guard case .array(let items) = try array.evaluate(value, &evaluator) else { return .null }
    return try each.project(items, &evaluator)
  }
}

/// The same of each value of an object.
final class ValueProjectionStep: ChangingStep, @unchecked Sendable {
  private let object: Step
  private let each: Step

  init(_ object: Step, _ each: Step) {
    self.object = object
    self.each = each
  }

  override func evaluate(
    _ value: Value,
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> Value {
    try evaluator.charge(1)
    guard case .object(let object) = try object.evaluate(value, &evaluator) else { return .null }
    return try each.project(object.values, &evaluator)
  }
}

/// The same of each item that meets a condition.
final class FilterStep: ChangingStep, @unchecked Sendable {
  private let array: Step
  private let condition: Step
  private let each: Step

  init(_ array: Step, condition: Step, each: Step) {
    self.array = array
    self.condition = condition
    self.each = each
  }

  override func evaluate(
    _ value: Value,
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> Value {
    try evaluator.charge(1)
    guard case .array(let items) = try array.evaluate(value, &evaluator) else { return .null }
    var result: [Value] = []
    result.reserveCapacity(items.count)
    for item in items where try condition.holds(item, &evaluator) {
      let made = try each.evaluate(item, &evaluator)
      if !made.isNull { result.append(made) }
    }
    return .array(result)
  }
}

extension Step {
  fileprivate func project(
    _ items: [Value],
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> Value {
    if isCurrent {
      return .array(items.contains { $0.isNull } ? items.filter { !$0.isNull } : items)
    }
    var result: [Value] = []
    result.reserveCapacity(items.count)
    for item in items {
      let made = try evaluate(item, &evaluator)
      if !made.isNull { result.append(made) }
    }
    return .array(result)
  }
}

extension Slice {
  /// The items of the slice; null for what is not an array.
  func cut(_ value: Value) -> Value {
    guard case .array(let items) = value else { return .null }
    let isForward = step > 0
    let (lowest, highest) = isForward ? (0, items.count) : (-1, items.count - 1)
    func bounded(_ bound: Int) -> Int {
      min(max(bound < 0 ? bound + items.count : bound, lowest), highest)
    }
    var index = start.map(bounded) ?? (isForward ? lowest : highest)
    let end = stop.map(bounded) ?? (isForward ? highest : lowest)
    var result: [Value] = []
    while isForward ? index < end : index > end {
      result.append(items[index])
      index += step
    }
    return .array(result)
  }
}
