internal import Values

/// The functions of the specification.
enum Function: String, Sendable, CaseIterable {
  case abs, avg, ceil, contains, floor, join, keys, length, map, max, merge, min, reverse, sort, sum
  case type, values
  case endsWith = "ends_with"
  case maxBy = "max_by"
  case minBy = "min_by"
  case notNull = "not_null"
  case sortBy = "sort_by"
  case startsWith = "starts_with"
  case toArray = "to_array"
  case toNumber = "to_number"
  case toString = "to_string"

  /// What an argument may be.
  enum Parameter {
    case any, number, string, array, object, expression
    case arrayOrString, arrayOrObjectOrString
    case numbers, strings, numbersOrStrings

    var noun: String {
      switch self {
      case .any: "a value"
      case .number: "a number"
      case .string: "a string"
      case .array: "an array"
      case .object: "an object"
      case .expression: "an expression after '&'"
      case .arrayOrString: "an array or a string"
      case .arrayOrObjectOrString: "an array, an object or a string"
      case .numbers: "an array of numbers"
      case .strings: "an array of strings"
      case .numbersOrStrings: "an array of numbers or of strings"
      }
    }

    func takes(_ value: Value) -> Bool {
      switch (self, value) {
      case (.any, _), (.string, .string), (.array, .array), (.object, .object),
        (.arrayOrString, .array), (.arrayOrString, .string), (.arrayOrObjectOrString, .array),
        (.arrayOrObjectOrString, .object), (.arrayOrObjectOrString, .string):
        true
      case (.number, _): value.isNumber
      case (.numbers, .array(let items)): items.allSatisfy(\.isNumber)
      case (.strings, .array(let items)): items.allSatisfy(\.isString)
      case (.numbersOrStrings, .array(let items)):
        items.allSatisfy(\.isNumber) || items.allSatisfy(\.isString)
      default: false
      }
    }
  }

  /// What it takes, in order.
  var parameters: [Parameter] {
    switch self {
    case .abs, .ceil, .floor: [.number]
    case .avg, .sum: [.numbers]
    case .contains: [.arrayOrString, .any]
    case .endsWith, .startsWith: [.string, .string]
    case .join: [.string, .strings]
    case .keys, .values, .merge: [.object]
    case .length: [.arrayOrObjectOrString]
    case .map: [.expression, .array]
    case .max, .min, .sort: [.numbersOrStrings]
    case .maxBy, .minBy, .sortBy: [.array, .expression]
    case .notNull, .toArray, .toNumber, .toString, .type: [.any]
    case .reverse: [.arrayOrString]
    }
  }

  /// Whether the last parameter may come more than once.
  var isVariadic: Bool { self == .merge || self == .notNull }

  /// What the argument at `position` may be.
  func parameter(_ position: Int) -> Parameter {
    parameters[Swift.min(position, parameters.count - 1)]
  }

  private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

  /// The function `name` that takes these arguments, called at the byte `offset` of `source`.
  static func named(
    _ name: String,
    _ arguments: [Call.Argument],
    at offset: Int,
    of source: String
  ) throws(JMESPathError) -> Function {
    guard let function = byName[name] else {
      let list = allCases.map(\.rawValue).sorted().joined(separator: ", ")
      throw JMESPathError(
        .unknownFunction,
        "there is no function '\(name)'",
        at: offset,
        of: source,
        hint: "there are \(list)"
      )
    }
    let wanted = function.parameters.count
    if arguments.count < wanted || (arguments.count > wanted && !function.isVariadic) {
      let noun = wanted == 1 ? "argument" : "arguments"
      let count = "\(wanted) \(noun)\(function.isVariadic ? " or more" : "")"
      let message = "\(name)() takes \(count), not \(arguments.count)"
      throw JMESPathError(.invalidArity, message, at: offset, of: source)
    }
    for (position, argument) in arguments.enumerated() {
      let parameter = function.parameter(position)
      var isExpression = false
      if case .expression = argument { isExpression = true }
      if isExpression == (parameter == .expression) { continue }
      let found = isExpression ? "an expression after '&'" : "a value"
      let message = "argument \(position + 1) of \(name)() must be \(parameter.noun), not \(found)"
      throw JMESPathError(.invalidType, message, at: offset, of: source)
    }
    return function
  }
}

extension Value {
  fileprivate var isString: Bool {
    if case .string = self { return true }
    return false
  }
}
