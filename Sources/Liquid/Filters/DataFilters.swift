import Text
import JSON
import Values

/// The filters of objects, JSON and types, which Shopify's Liquid does not have.
struct DataFilters {
  let limits: RenderLimits

  func json(_ input: Operand) throws(Fault) -> String {
    var buffer = ByteBuffer()
    buffer.append(json: try input.materialized(max: limits.iterations))
    return buffer.text
  }

  func parsed(_ input: Operand) throws(Fault) -> Value {
    guard !input.isNull else { return .null }
    do throws(JSONError) {
      return try JSONParser().parse(FilterText.text(input))
    } catch {
      throw .argument("parse_json: \(error)")
    }
  }

  /// A number as it is, text that is one with its digits, else nil.
  func number(_ input: Operand) -> Value {
    guard case .value(let value) = input else { return .null }
    switch value {
    case .integer, .bigInteger, .decimal, .float: return value
    case .bool(let flag): return .integer(flag ? 1 : 0)
    case .string(let text):
      var digits = text.trimmedSpace
      if digits.hasPrefix("+") { digits.removeFirst() }
      guard digits.utf8.count <= limits.digits else { return .null }
      if let number = Value.number(digits) { return number }
      return BigInteger(digits).map { Value.integer($0) } ?? .null
    case .null, .array, .object: return .null
    }
  }

  /// The whole part of a number, nil for what is none.
  func integer(_ input: Operand) throws(Fault) -> Value {
    let number = number(input)
    guard !number.isInteger, let exact = number.scaled else {
      return number.isInteger ? number : .null
    }
    guard abs(exact.scale) <= limits.digits else {
      throw Fault(.limit, "a number has more than \(limits.digits) digits")
    }
    guard exact.scale > 0 else { return .integer(exact.rescaled(to: 0).significand) }
    let cut = exact.significand.dividedTowardsZero(by: BigInteger.powerOfTen(exact.scale))
    return cut.map { .integer($0.quotient) } ?? .null
  }

  func boolean(_ input: Operand) -> Value {
    guard case .value(let value) = input else { return .null }
    switch value {
    case .bool: return value
    case .integer(let number): return .bool(number != 0)
    case .bigInteger: return .bool(true)
    case .decimal(let number): return .bool(number.double != 0)
    case .float(let number): return .bool(number != 0)
    case .string(let text):
      switch text.trimmedSpace.lowercased() {
      case "true", "t", "yes", "y", "on", "1": return .bool(true)
      case "false", "f", "no", "n", "off", "0": return .bool(false)
      default: return .null
      }
    case .null, .array, .object: return .null
    }
  }

  /// `object` with the members of another one, which win.
  func merged(_ object: Object, _ other: Operand?) throws(Fault) -> Object {
    guard case .value(.object(let other))? = other else {
      throw .argument("`merge` wants an object to merge with")
    }
    var merged = object
    for index in 0..<other.count { merged[other[at: index].key] = other[at: index].value }
    return merged
  }

  func members(of object: Object, _ keeps: (String, Value) -> Bool) -> Object {
    var kept = Object()
    for index in 0..<object.count {
      let member = object[at: index]
      if keeps(member.key, member.value) { kept[member.key] = member.value }
    }
    return kept
  }

  /// Names given one by one or as an array.
  func names(_ arguments: Arguments) throws(Fault) -> [String] {
    var names: [String] = []
    for argument in arguments.positional {
      if case .value(.array(let items)) = argument {
        names += items.map(\.text)
      } else {
        names.append(FilterText.text(argument))
      }
    }
    return names
  }
}
