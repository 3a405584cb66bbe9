public import Text
public import Values

/// Members of an expression's input that are not made values before the expression asks for them.
///
/// Which member has which number is said by ``Expression/reading(_:)``.
public protocol ExpressionSlots: AnyObject {
  /// The value of slot number `slot`.
  func value(slot: Int) -> Value

  /// Appends the JSON of what `value(slot:)` gives; false, and nothing, for null.
  func append(slot: Int, to output: inout ByteBuffer) -> Bool
}

extension Expression {
  /// The same expression, which reads members of its input's members from slots.
  ///
  /// `slot` is asked for the number of `a.b`; nil where it is read of the input like all else.
  public func reading(_ slot: (_ root: String, _ member: String) -> Int?) -> Expression {
    var binder = SlotBinder(nodes: program.nodes)
    binder.bind(binder.nodes.count - 1, slot)
    return Expression(
      Program(source: source, nodes: binder.nodes, mayMultiply: program.mayMultiply)
    )
  }
}

/// Replaces paths by slots wherever they begin at the input.
private struct SlotBinder {
  var nodes: [Node]

  mutating func bind(_ node: Int, _ slot: (String, String) -> Int?) {
    switch nodes[node] {
    case .path(let names):
      guard names.count > 1, let slot = slot(names[0].text, names[1].text) else { return }
      nodes[node] = .slot(slot, Array(names.dropFirst(2)))
    // What follows sees what comes out of the first.
    case .chain(let first, _), .flatten(let first), .projection(let first, _),
      .valueProjection(let first, _), .filter(let first, condition: _, _), .not(let first):
      bind(first, slot)
    case .comparison(_, let left, let right), .or(let left, let right), .and(let left, let right):
      bind(left, slot)
      bind(right, slot)
    case .list(let items): for item in items { bind(item, slot) }
    case .hash(let members): for member in members { bind(member.value, slot) }
    case .call(let call): for case .value(let argument) in call.arguments { bind(argument, slot) }
    case .current, .literal, .field, .slot, .index, .slice: return
    }
  }
}
