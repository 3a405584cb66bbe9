internal import Values

/// One step of a compiled expression, ready to be taken.
///
/// Objects instead of cases of an enum: a step reads its own constants and children in place, where
/// taking a case apart would copy them for every value.
// Unsafe for the compiler only: every property of every kind of step is a constant.
class Step: @unchecked Sendable {
  /// What the step makes of `value`.
  func evaluate(_ value: Value, _ evaluator: inout Evaluator) throws(JMESPathError) -> Value {
    try evaluator.charge(1)
    return value
  }

  /// Whether that is taken for true.
  func holds(_ value: Value, _ evaluator: inout Evaluator) throws(JMESPathError) -> Bool {
    try evaluate(value, &evaluator).isTruthy
  }

  /// Whether it gives every value as it is.
  var isCurrent: Bool { true }
}

/// A step that changes something.
class ChangingStep: Step, @unchecked Sendable {
  override var isCurrent: Bool { false }
}

extension Step {
  /// The steps of `nodes`, by number; what a node names comes before it.
  static func make(_ nodes: [Node]) -> [Step] {
    var steps: [Step] = []
    steps.reserveCapacity(nodes.count)
    for node in nodes { steps.append(make(node, steps)) }
    return steps
  }

  private static func make(_ node: Node, _ steps: [Step]) -> Step {
    switch node {
    case .current: return Step()
    case .literal(let value): return LiteralStep(value)
    case .field(let name): return FieldStep(name, nil)
    case .path(let names):
      var last: FieldStep?
      for name in names.reversed() { last = FieldStep(name, last) }
      return last ?? Step()
    case .index(let index): return IndexStep(index)
    case .slice(let slice): return SliceStep(slice)
    case .chain(let first, let second): return ChainStep(steps[first], steps[second])
    case .flatten(let array): return FlattenStep(steps[array])
    case .projection(let array, let each): return ProjectionStep(steps[array], steps[each])
    case .valueProjection(let object, let each):
      return ValueProjectionStep(steps[object], steps[each])
    case .filter(let array, let condition, let each):
      return FilterStep(steps[array], condition: steps[condition], each: steps[each])
    case .comparison(let comparison, let left, let right):
      return ComparisonStep(comparison, left: steps[left], right: steps[right])
    case .or(let left, let right): return OrStep(steps[left], steps[right])
    case .and(let left, let right): return AndStep(steps[left], steps[right])
    case .not(let inner): return NotStep(steps[inner])
    case .list(let items): return ListStep(items.map { steps[$0] })
    case .hash(let members): return HashStep(members.map { ($0.name, steps[$0.value]) })
    case .call(let call): return CallStep(call)
    }
  }
}

// MARK: - Selecting

private final class LiteralStep: ChangingStep, @unchecked Sendable {
  private let literal: Value

  init(_ literal: Value) { self.literal = literal }

  override func evaluate(
    _ value: Value,
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> Value {
    try evaluator.charge(1)
    return literal
  }
}

/// A member, and of what it is the next one, as far as a path goes.
private final class FieldStep: ChangingStep, @unchecked Sendable {
  private let name: MemberName
  private let next: FieldStep?

  init(_ name: MemberName, _ next: FieldStep?) {
    self.name = name
    self.next = next
  }

  override func evaluate(
    _ value: Value,
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> Value {
    try evaluator.charge(1)
    return member(of: value)
  }

  private func member(of value: Value) -> Value {
    guard case .object(let object) = value, let position = object.position(of: name) else {
      return .null
    }
    guard let next else { return object[at: position].value }
    return next.member(of: object[at: position].value)
  }
}

private final class IndexStep: ChangingStep, @unchecked Sendable {
  private let index: Int

  init(_ index: Int) { self.index = index }

  override func evaluate(
    _ value: Value,
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> Value {
    try evaluator.charge(1)
    guard case .array(let items) = value else { return .null }
    let position = index < 0 ? items.count + index : index
    return items.indices.contains(position) ? items[position] : .null
  }
}

private final class SliceStep: ChangingStep, @unchecked Sendable {
  private let slice: Slice

  init(_ slice: Slice) { self.slice = slice }

  override func evaluate(
    _ value: Value,
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> Value {
    try evaluator.charge(1)
    return slice.cut(value)
  }
}

/// The first step, then the second on what came out.
private final class ChainStep: ChangingStep, @unchecked Sendable {
  private let first: Step
  private let second: Step

  init(_ first: Step, _ second: Step) {
    self.first = first
    self.second = second
  }

  override func evaluate(
    _ value: Value,
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> Value {
    try evaluator.charge(1)
    return try second.evaluate(try first.evaluate(value, &evaluator), &evaluator)
  }
}

private final class ListStep: ChangingStep, @unchecked Sendable {
  private let items: [Step]

  init(_ items: [Step]) { self.items = items }

  override func evaluate(
    _ value: Value,
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> Value {
    try evaluator.charge(1)
    if value.isNull { return .null }
    var result: [Value] = []
    result.reserveCapacity(items.count)
    for item in items { result.append(try item.evaluate(value, &evaluator)) }
    return .array(result)
  }
}

private final class HashStep: ChangingStep, @unchecked Sendable {
  private let members: [(name: MemberName, value: Step)]

  init(_ members: [(name: MemberName, value: Step)]) { self.members = members }

  override func evaluate(
    _ value: Value,
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> Value {
    try evaluator.charge(1)
    if value.isNull { return .null }
    var result = Object()
    result.reserve(members.count)
    for member in members { result[member.name] = try member.value.evaluate(value, &evaluator) }
    return .object(result)
  }
}

private final class CallStep: ChangingStep, @unchecked Sendable {
  private let call: Call

  init(_ call: Call) { self.call = call }

  override func evaluate(
    _ value: Value,
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> Value {
    try evaluator.charge(1)
    return try evaluator.call(call, value)
  }
}
