internal import Values

/// Evaluates a program on one value.
struct Evaluator {
  /// Most steps and measured values of one search.
  static let stepsMax = 10_000_000

  let program: Program
  private var steps = 0

  init(_ program: Program) {
    self.program = program
  }

  mutating func evaluate(_ number: Int, _ value: Value) throws(JMESPathError) -> Value {
    try charge(1)
    switch program.nodes[number] {
    case .current: return value
    case .literal(let literal): return literal
    case .field(let name):
      guard case .object(let object) = value else { return .null }
      return object[name] ?? .null
    case .index(let index): return Evaluator.item(index, of: value)
    case .slice(let slice): return slice.cut(value)
    case .chain(let first, let second):
      return try evaluate(second, try evaluate(first, value))
    case .flatten(let array): return try flatten(try evaluate(array, value))
    case .projection(let array, let each):
      guard case .array(let items) = try evaluate(array, value) else { return .null }
      return try project(items, each)
    case .valueProjection(let object, let each):
      guard case .object(let object) = try evaluate(object, value) else { return .null }
      return try project(object.values, each)
    case .filter(let array, let condition, let each):
      return try filter(try evaluate(array, value), condition, each)
    case .comparison(let comparison, let left, let right):
      return try compare(comparison, try evaluate(left, value), try evaluate(right, value))
    case .or(let left, let right):
      let first = try evaluate(left, value)
      return first.isTruthy ? first : try evaluate(right, value)
    case .and(let left, let right):
      let first = try evaluate(left, value)
      return first.isTruthy ? try evaluate(right, value) : first
    case .not(let inner): return .bool(!(try evaluate(inner, value)).isTruthy)
    case .list(let items): return try list(items, value)
    case .hash(let members): return try hash(members, value)
    case .call(let call): return try self.call(call, value)
    }
  }

  /// Counts towards the bound of a search.
  mutating func charge(_ count: Int) throws(JMESPathError) {
    steps += count
    guard steps > Evaluator.stepsMax else { return }
    throw JMESPathError(
      .limit,
      "the expression needs more than \(Evaluator.stepsMax) steps",
      at: 0,
      of: program.source
    )
  }

  /// Counts the values in `value`, each as often as it is in there.
  mutating func measure(_ value: Value) throws(JMESPathError) {
    switch value {
    case .array(let items):
      try charge(items.count + 1)
      for item in items { try measure(item) }
    case .object(let object):
      try charge(object.count + 1)
      for index in 0..<object.count { try measure(object[at: index].value) }
    case .null, .bool, .integer, .bigInteger, .decimal, .float, .string: break
    }
  }

  // MARK: - Selecting

  private static func item(_ index: Int, of value: Value) -> Value {
    guard case .array(let items) = value else { return .null }
    let position = index < 0 ? items.count + index : index
    return items.indices.contains(position) ? items[position] : .null
  }

  private mutating func project(_ items: [Value], _ each: Int) throws(JMESPathError) -> Value {
    if case .current = program.nodes[each] {
      return .array(items.contains(.null) ? items.filter { !$0.isNull } : items)
    }
    var result: [Value] = []
    result.reserveCapacity(items.count)
    for item in items {
      let made = try evaluate(each, item)
      if !made.isNull { result.append(made) }
    }
    return .array(result)
  }

  private mutating func filter(
    _ value: Value,
    _ condition: Int,
    _ each: Int
  ) throws(JMESPathError) -> Value {
    guard case .array(let items) = value else { return .null }
    var result: [Value] = []
    for item in items where try evaluate(condition, item).isTruthy {
      let made = try evaluate(each, item)
      if !made.isNull { result.append(made) }
    }
    return .array(result)
  }

  private mutating func flatten(_ value: Value) throws(JMESPathError) -> Value {
    guard case .array(let items) = value else { return .null }
    var result: [Value] = []
    result.reserveCapacity(items.count)
    for item in items {
      if case .array(let inner) = item {
        try charge(inner.count)
        result += inner
      } else {
        result.append(item)
      }
    }
    return .array(result)
  }

  private mutating func list(_ items: [Int], _ value: Value) throws(JMESPathError) -> Value {
    if value.isNull { return .null }
    var result: [Value] = []
    result.reserveCapacity(items.count)
    for item in items { result.append(try evaluate(item, value)) }
    return .array(result)
  }

  private mutating func hash(_ members: [HashMember], _ value: Value) throws(JMESPathError) -> Value
  {
    if value.isNull { return .null }
    var result = Object()
    for member in members { result[member.name] = try evaluate(member.value, value) }
    return .object(result)
  }

  private mutating func compare(
    _ comparison: Comparison,
    _ left: Value,
    _ right: Value
  ) throws(JMESPathError) -> Value {
    switch comparison {
    case .equal: return .bool(try equal(left, right))
    case .unequal: return .bool(!(try equal(left, right)))
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      guard let order = Value.compareNumbers(left, right) else { return .null }
      return .bool(comparison.holds(order))
    }
  }

  /// Whether two values are equal, which is paid for where values may have multiplied.
  mutating func equal(_ left: Value, _ right: Value) throws(JMESPathError) -> Bool {
    if program.mayMultiply { try measure(left) }
    return left.equals(right)
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

extension Slice {
  /// The items of the slice; null of what is no array.
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
