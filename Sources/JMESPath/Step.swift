internal import Text
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

  /// Appends what `evaluate` gives as JSON; false, and nothing, for null.
  ///
  /// A step that makes a new array, object or string writes it without making it first. Where it
  /// throws, what it appended is for the caller to drop.
  func write(
    _ value: Value,
    _ evaluator: inout Evaluator,
    to output: inout ByteBuffer
  ) throws(JMESPathError) -> Bool {
    evaluator.append(try evaluate(value, &evaluator), to: &output)
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
  /// The steps of the nodes of `source`, by number; what a node names comes before it.
  static func make(_ nodes: [Node], source: String) -> [Step] {
    var steps: [Step] = []
    steps.reserveCapacity(nodes.count)
    for node in nodes { steps.append(make(node, steps, source: source)) }
    return steps
  }

  private static func make(_ node: Node, _ steps: [Step], source: String) -> Step {
    switch node {
    case .current: return Step()
    case .literal(let value): return LiteralStep(value)
    case .field(let name): return FieldStep(name, nil)
    case .path(let names): return FieldStep.path(names) ?? Step()
    case .slot(let slot, let names): return SlotStep(slot, FieldStep.path(names))
    case .index(let index): return IndexStep(index)
    case .slice(let slice): return SliceStep(slice)
    case .chain(let first, let second): return ChainStep(steps[first], steps[second])
    case .flatten(let array): return FlattenStep(steps[array])
    case .projection(let array, let each): return ProjectionStep(steps[array], each: steps[each])
    case .valueProjection(let object, let each):
      return ProjectionStep(steps[object], isOfObject: true, each: steps[each])
    case .filter(let array, let condition, let each):
      return ProjectionStep(steps[array], condition: steps[condition], each: steps[each])
    case .comparison(let comparison, let left, let right):
      return ComparisonStep(comparison, left: steps[left], right: steps[right])
    case .or(let left, let right): return OrStep(steps[left], steps[right])
    case .and(let left, let right): return AndStep(steps[left], steps[right])
    case .not(let inner): return NotStep(steps[inner])
    case .list(let items): return ListStep(items.map { steps[$0] })
    case .hash(let members): return HashStep(members.map { ($0.name, steps[$0.value]) })
    case .call(let call): return CallStep(call, steps, source: source)
    }
  }
}
