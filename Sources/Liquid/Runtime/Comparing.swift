import Glibc
import Values

/// How values compare, as Ruby and Liquid have it.
enum Comparing {
  static func compare(
    _ comparison: Comparison,
    left: Operand,
    right: Operand
  ) throws(Fault) -> Bool {
    switch comparison {
    case .equal: return equal(left, right)
    case .notEqual, .alsoNotEqual: return !equal(left, right)
    case .contains: return contains(left, right)
    case .less: return try ordered(left, right: right) { $0 == .ascending }
    case .greater: return try ordered(left, right: right) { $0 == .descending }
    case .lessOrEqual: return try ordered(left, right: right) { $0 != .descending }
    case .greaterOrEqual: return try ordered(left, right: right) { $0 != .ascending }
    }
  }

  static func equal(_ left: Operand, _ right: Operand) -> Bool {
    switch (left, right) {
    case (.value(let left), .value(let right)): return equal(left, right)
    // The words ask about values; neither asks about the other.
    case (.blank, .empty), (.empty, .blank), (.blank, .blank), (.empty, .empty): return false
    case (.blank, let other), (let other, .blank): return isBlank(other)
    case (.empty, let other), (let other, .empty): return isEmpty(other)
    case (.range(let first, let last), .range(let otherFirst, let otherLast)):
      return first == otherFirst && last == otherLast
    case (.loop(_, let serial), .loop(_, let other)): return serial == other
    case (.scope(let level), .scope(let other)): return level == other
    default: return false
    }
  }

  static func equal(_ left: Value, _ right: Value) -> Bool {
    switch (left, right) {
    case (.null, .null): return true
    case (.bool(let left), .bool(let right)): return left == right
    case (.integer(let left), .integer(let right)): return left == right
    case (.string(let left), .string(let right)): return equal(left, right)
    case (.array(let left), .array(let right)):
      return left.count == right.count && zip(left, right).allSatisfy { equal($0, $1) }
    case (.object(let left), .object(let right)):
      guard left.count == right.count else { return false }
      return (0..<left.count).allSatisfy { index in
        let member = left[at: index]
        return right[member.key].map { equal(member.value, $0) } ?? false
      }
    default: return Value.compareNumbers(left, right) == .same
    }
  }

  /// Byte for byte; what Swift calls equal may still be written differently.
  private static func equal(_ left: String, _ right: String) -> Bool {
    guard left.utf8.count == right.utf8.count else { return false }
    var (left, right) = (left, right)
    return left.withUTF8 { first in
      right.withUTF8 { second in
        guard let start = first.baseAddress, let other = second.baseAddress else { return true }
        return memcmp(start, other, first.count) == 0
      }
    }
  }

  private static func isBlank(_ operand: Operand) -> Bool {
    switch operand {
    case .value(.null), .value(.bool(false)), .blank, .empty: true
    case .value(.string(let text)): text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
    case .value(.array(let items)): items.isEmpty
    case .value(.object(let object)): object.isEmpty
    default: false
    }
  }

  private static func isEmpty(_ operand: Operand) -> Bool {
    switch operand {
    case .value(.string(let text)): text.isEmpty
    case .value(.array(let items)): items.isEmpty
    case .value(.object(let object)): object.isEmpty
    case .blank, .empty: true
    default: false
    }
  }

  /// What two values of one kind stand like; values that have no order compare as false.
  private static func ordered(
    _ left: Operand,
    right: Operand,
    accepts: (NumericOrder) -> Bool
  ) throws(Fault) -> Bool {
    guard case .value(let first) = left, case .value(let second) = right else { return false }
    guard first.hasOrder, second.hasOrder else { return false }
    if let order = order(first, second) { return accepts(order) }
    if first.isNumber, second.isNumber { return false }
    throw .argument("comparison of \(first.kind) with \(second.shown) failed")
  }

  /// The order of two numbers or two strings, else nil.
  static func order(_ left: Value, _ right: Value) -> NumericOrder? {
    if case .string(let left) = left, case .string(let right) = right {
      if left.utf8.elementsEqual(right.utf8) { return .same }
      return left.utf8.lexicographicallyPrecedes(right.utf8) ? .ascending : .descending
    }
    return Value.compareNumbers(left, right)
  }

  /// The order in which `sort` puts two values, nil if there is none.
  ///
  /// Lists compare item by item.
  static func sortingOrder(_ left: Value, _ right: Value) -> NumericOrder? {
    if let order = order(left, right) { return order }
    guard case .array(let first) = left, case .array(let second) = right else {
      return equal(left, right) ? .same : nil
    }
    for (left, right) in zip(first, second) {
      guard let order = sortingOrder(left, right) else { return nil }
      if order != .same { return order }
    }
    return order(.integer(first.count), .integer(second.count))
  }

  private static func contains(_ left: Operand, _ right: Operand) -> Bool {
    guard left.isTrue, right.isTrue else { return false }
    switch left {
    case .value(.string(let text)):
      // A text is asked for a text: the words blank and empty are none at all.
      return TextSearch.find(Array(right.searchText.utf8), in: Array(text.utf8), from: 0) != nil
    case .value(.array(let items)):
      guard case .value(let value) = right else { return false }
      return items.contains { equal($0, value) }
    case .value(.object(let object)):
      guard case .value(.string(let key)) = right else { return false }
      return object[key] != nil
    case .range(let first, let last):
      guard case .value(let value) = right, let number = value.double else { return false }
      return number >= Double(first) && number <= Double(last)
    default: return false
    }
  }
}

extension Operand {
  /// What is looked for in a text.
  fileprivate var searchText: String {
    switch self {
    case .value(let value): value.text
    case .range, .blank, .empty, .loop, .scope, .fragment: FilterText.text(self)
    }
  }
}

extension Value {
  /// Whether `<` and its kin mean anything for it.
  fileprivate var hasOrder: Bool {
    if case .string = self { return true }
    return isNumber
  }

  /// What Ruby calls its class.
  var kind: String {
    switch self {
    case .null: "NilClass"
    case .bool(let flag): flag ? "TrueClass" : "FalseClass"
    case .integer, .bigInteger: "Integer"
    case .decimal, .float: "Float"
    case .string: "String"
    case .array: "Array"
    case .object: "Hash"
    }
  }

  /// The other side in the message of a failed comparison.
  fileprivate var shown: String {
    if case .string = self { return "String" }
    return text
  }
}
