internal import Values

extension Evaluator {
  mutating func call(_ call: Call, _ value: Value) throws(JMESPathError) -> Value {
    var values: [Value] = []
    values.reserveCapacity(call.arguments.count)
    var expression = 0
    for (position, argument) in call.arguments.enumerated() {
      switch argument {
      case .expression(let node): expression = node
      case .value(let node):
        let made = try evaluate(node, value)
        let parameter = call.function.parameter(position)
        guard parameter.takes(made) else {
          throw wrong(call, position: position, parameter: parameter, value: made)
        }
        values.append(made)
      }
    }
    // Every parameter that is not an expression has been given, so there is a first value.
    guard let first = values.first else { return .null }
    switch call.function {
    case .map: return try map(first.items, expression)
    case .sortBy: return try sorted(first.items, by: expression, call)
    case .maxBy: return try extreme(first.items, by: expression, call: call) { $0.precedes($1) }
    case .minBy: return try extreme(first.items, by: expression, call: call) { $1.precedes($0) }
    case .contains: return .bool(try contains(first, values[1]))
    case .toString: return .string(try text(of: first))
    case .abs, .avg, .ceil, .endsWith, .floor, .join, .keys, .length, .max, .merge, .min, .notNull,
      .reverse, .sort, .startsWith, .sum, .toArray, .toNumber, .type, .values:
      return call.function.apply(first, values)
    }
  }

  private func wrong(
    _ call: Call,
    position: Int,
    parameter: Function.Parameter,
    value: Value
  ) -> JMESPathError {
    let subject = "argument \(position + 1) of \(call.function.rawValue)()"
    var found = value.typeName
    if case .array = value, parameter.noun.hasPrefix("an array of") { found = "array of others" }
    return error(call, "\(subject) must be \(parameter.noun), found: \(found)")
  }

  private func error(_ call: Call, _ message: String) -> JMESPathError {
    JMESPathError(.invalidType, message, at: call.offset, of: program.source)
  }

  private mutating func map(_ items: [Value], _ each: Int) throws(JMESPathError) -> Value {
    var result: [Value] = []
    result.reserveCapacity(items.count)
    for item in items { result.append(try evaluate(each, item)) }
    return .array(result)
  }

  private mutating func contains(_ subject: Value, _ wanted: Value) throws(JMESPathError) -> Bool {
    if case .string(let text) = subject {
      guard case .string(let part) = wanted else { return false }
      return text.holds(part)
    }
    for item in subject.items where try equal(item, wanted) { return true }
    return false
  }

  private mutating func text(of value: Value) throws(JMESPathError) -> String {
    if case .string(let text) = value { return text }
    if program.mayMultiply { try measure(value) }
    return value.jsonText
  }

  // MARK: - By an expression

  /// What `expression` makes of each item: all numbers or all strings.
  private mutating func keys(
    _ items: [Value],
    expression: Int,
    call: Call
  ) throws(JMESPathError) -> [(key: Value, item: Value)] {
    var result: [(key: Value, item: Value)] = []
    result.reserveCapacity(items.count)
    for item in items {
      let key = try evaluate(expression, item)
      let wanted = result.first?.key.typeName ?? key.typeName
      guard key.typeName == wanted, wanted == "number" || wanted == "string" else {
        throw self.error(
          call,
          "\(call.function.rawValue)() needs numbers or strings of every item, found: \(key.typeName)"
        )
      }
      result.append((key, item))
    }
    return result
  }

  private mutating func sorted(
    _ items: [Value],
    by expression: Int,
    _ call: Call
  ) throws(JMESPathError) -> Value {
    let pairs = try keys(items, expression: expression, call: call)
    return .array(pairs.sortedStably { $0.key.precedes($1.key) }.map(\.item))
  }

  /// The first item whose key `isLess` puts behind all others, null of none.
  private mutating func extreme(
    _ items: [Value],
    by expression: Int,
    call: Call,
    isLess: (Value, Value) -> Bool
  ) throws(JMESPathError) -> Value {
    let pairs = try keys(items, expression: expression, call: call)
    guard var best = pairs.first else { return .null }
    for pair in pairs.dropFirst() where isLess(best.key, pair.key) { best = pair }
    return best.item
  }
}

extension Value {
  /// The items of an array, none of anything else.
  var items: [Value] {
    if case .array(let items) = self { return items }
    return []
  }
}

extension Array {
  /// The items in order; those of which none precedes the other stay as they were.
  func sortedStably(_ precedes: (Element, Element) -> Bool) -> [Element] {
    enumerated().sorted { left, right in
      if precedes(left.element, right.element) { return true }
      return precedes(right.element, left.element) ? false : left.offset < right.offset
    }.map(\.element)
  }
}
