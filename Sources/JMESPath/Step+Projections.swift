internal import JSON
internal import Text
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

/// What a step makes of each item of an array, or of each value of an object; null is left out, and
/// so is what does not meet a condition.
final class ProjectionStep: ChangingStep, @unchecked Sendable {
  private let source: Step
  private let isOfObject: Bool
  private let condition: Step?
  /// Nil for the item itself.
  private let each: Step?

  init(_ source: Step, isOfObject: Bool = false, condition: Step? = nil, each: Step) {
    self.source = source
    self.isOfObject = isOfObject
    self.condition = condition
    self.each = each.isCurrent ? nil : each
  }

  override func evaluate(
    _ value: Value,
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> Value {
    guard let items = try items(value, &evaluator) else { return .null }
    if each == nil, condition == nil, !items.contains(where: \.isNull) { return .array(items) }
    var result: [Value] = []
    result.reserveCapacity(items.count)
    for item in items where try condition?.holds(item, &evaluator) ?? true {
      let made = try each?.evaluate(item, &evaluator) ?? item
      if !made.isNull { result.append(made) }
    }
    return .array(result)
  }

  override func write(
    _ value: Value,
    _ evaluator: inout Evaluator,
    to output: inout ByteBuffer
  ) throws(JMESPathError) -> Bool {
    guard let items = try items(value, &evaluator) else { return false }
    evaluator.depth += 1
    output.append(UInt8(ascii: "["))
    let start = output.count
    for item in items where try condition?.holds(item, &evaluator) ?? true {
      let end = output.count
      if end > start { output.append(UInt8(ascii: ",")) }
      let isPresent =
        try each?.write(item, &evaluator, to: &output) ?? evaluator.append(item, to: &output)
      if !isPresent { output.truncate(to: end) }
    }
    output.append(UInt8(ascii: "]"))
    evaluator.depth -= 1
    return true
  }

  /// The items to project; nil if the source gives no array, or no object if that is wanted.
  private func items(
    _ value: Value,
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> [Value]? {
    try evaluator.charge(1)
    switch try source.evaluate(value, &evaluator) {
    case .array(let items): return isOfObject ? nil : items
    case .object(let object): return isOfObject ? object.values : nil
    case .null, .bool, .integer, .bigInteger, .decimal, .float, .string: return nil
    }
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
