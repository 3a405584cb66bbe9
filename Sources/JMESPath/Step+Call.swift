internal import JSON
internal import Text
internal import Values

/// The values that a function is called with.
///
/// Most functions take one or two, so that no array has to be made for them.
struct Arguments {
  private(set) var first = Value.null
  private(set) var second = Value.null
  private var others: [Value] = []
  private var count = 0

  /// All in order, for a function that takes any number.
  var all: [Value] { Array([first, second].prefix(count)) + others }

  mutating func append(_ value: Value) {
    switch count {
    case 0: first = value
    case 1: second = value
    default: others.append(value)
    }
    count += 1
  }
}

/// What a function makes of what other steps make.
final class CallStep: ChangingStep, @unchecked Sendable {
  private struct Argument {
    let step: Step
    let position: Int
    let parameter: Function.Parameter
  }

  private let call: Call
  private let values: [Argument]
  /// What stands after `&`; of a function that takes no expression it changes nothing.
  private let expression: Step

  private let source: String

  init(_ call: Call, _ steps: [Step], source: String) {
    self.call = call
    self.source = source
    var values: [Argument] = []
    var expression = Step()
    for (position, argument) in call.arguments.enumerated() {
      switch argument {
      case .expression(let node): expression = steps[node]
      case .value(let node):
        let parameter = call.function.parameter(position)
        values.append(Argument(step: steps[node], position: position, parameter: parameter))
      }
    }
    self.values = values
    self.expression = expression
  }

  override func evaluate(
    _ value: Value,
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> Value {
    let arguments = try arguments(value, &evaluator)
    switch call.function {
    case .map: return try map(arguments.first.items, &evaluator)
    case .sortBy: return try sorted(arguments.first.items, &evaluator)
    case .maxBy: return try extreme(arguments.first.items, &evaluator) { $0.precedes($1) }
    case .minBy: return try extreme(arguments.first.items, &evaluator) { $1.precedes($0) }
    case .contains:
      return .bool(try evaluator.contains(arguments.first, arguments.second))
    case .toString: return .string(try evaluator.text(of: arguments.first))
    case .abs, .avg, .ceil, .endsWith, .floor, .join, .keys, .length, .max, .merge, .min, .notNull,
      .reverse, .sort, .startsWith, .sum, .toArray, .toNumber, .type, .values:
      return call.function.apply(arguments)
    }
  }

  override func write(
    _ value: Value,
    _ evaluator: inout Evaluator,
    to output: inout ByteBuffer
  ) throws(JMESPathError) -> Bool {
    guard call.function == .join else { return try super.write(value, &evaluator, to: &output) }
    let arguments = try arguments(value, &evaluator)
    output.append(UInt8(ascii: "\""))
    for (index, item) in arguments.second.items.enumerated() {
      if index > 0 { output.append(escaped: arguments.first.text) }
      output.append(escaped: item.text)
    }
    output.append(UInt8(ascii: "\""))
    return true
  }

  private func arguments(
    _ value: Value,
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> Arguments {
    try evaluator.charge(1)
    var arguments = Arguments()
    for argument in values {
      let made = try argument.step.evaluate(value, &evaluator)
      guard argument.parameter.takes(made) else { throw wrong(argument, made) }
      arguments.append(made)
    }
    return arguments
  }

  private func wrong(_ argument: Argument, _ value: Value) -> JMESPathError {
    let subject = "argument \(argument.position + 1) of \(call.function.rawValue)()"
    let noun = argument.parameter.noun
    var found = value.typeName
    if case .array = value, noun.hasPrefix("an array of") { found = "array of others" }
    return error("\(subject) must be \(noun), found: \(found)")
  }

  private func error(_ message: String) -> JMESPathError {
    JMESPathError(.invalidType, message, at: call.offset, of: source)
  }

  // MARK: - By an expression

  private func map(
    _ items: [Value],
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> Value {
    var result: [Value] = []
    result.reserveCapacity(items.count)
    for item in items { result.append(try expression.evaluate(item, &evaluator)) }
    return .array(result)
  }

  /// What the expression makes of each item: all numbers or all strings.
  private func keys(
    _ items: [Value],
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> [(key: Value, item: Value)] {
    var result: [(key: Value, item: Value)] = []
    result.reserveCapacity(items.count)
    for item in items {
      let key = try expression.evaluate(item, &evaluator)
      let wanted = result.first?.key.typeName ?? key.typeName
      guard key.typeName == wanted, wanted == "number" || wanted == "string" else {
        let needs = "\(call.function.rawValue)() needs numbers or strings of every item"
        throw error("\(needs), found: \(key.typeName)")
      }
      result.append((key, item))
    }
    return result
  }

  private func sorted(
    _ items: [Value],
    _ evaluator: inout Evaluator
  ) throws(JMESPathError) -> Value {
    let pairs = try keys(items, &evaluator)
    return .array(pairs.sortedStably { $0.key.precedes($1.key) }.map(\.item))
  }

  /// The first item whose key `isLess` puts behind all others, null of none.
  private func extreme(
    _ items: [Value],
    _ evaluator: inout Evaluator,
    isLess: (Value, Value) -> Bool
  ) throws(JMESPathError) -> Value {
    let pairs = try keys(items, &evaluator)
    guard var best = pairs.first else { return .null }
    for pair in pairs.dropFirst() where isLess(best.key, pair.key) { best = pair }
    return best.item
  }
}

extension Evaluator {
  fileprivate mutating func contains(
    _ subject: Value,
    _ wanted: Value
  ) throws(JMESPathError) -> Bool {
    if case .string(let text) = subject {
      guard case .string(let part) = wanted else { return false }
      return text.holds(part)
    }
    for item in subject.items where try equal(item, wanted) { return true }
    return false
  }

  fileprivate mutating func text(of value: Value) throws(JMESPathError) -> String {
    if case .string(let text) = value { return text }
    try measure(value)
    return value.jsonText
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
