import Values

/// How values become numbers, as Liquid has it.
enum Numbers {
  /// An integer that a filter or tag needs: a number's own, or the whole of a text.
  static func integer(_ operand: Operand) throws(Fault) -> Int {
    switch operand {
    case .value(.integer(let number)): return number
    case .value(.bigInteger(let number)): return number.isNegative ? Int.min : Int.max
    case .value(.string(let text)):
      if let number = Int(text.trimmedSpace), !text.utf8.contains(0) { return number }
      if let big = BigInteger(text.trimmedSpace), !text.utf8.contains(0) {
        return big.isNegative ? Int.min : Int.max
      }
      throw .argument("invalid integer")
    default: throw .argument("invalid integer")
    }
  }

  /// The digits that begin `text`, as an integer; 0 if there are none.
  static func leadingInteger(_ text: String) -> BigInteger {
    var rest = text.utf8.drop(while: \.isSpace)
    var digits = ""
    if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      if sign == UInt8(ascii: "-") { digits = "-" }
      rest = rest.dropFirst()
    }
    var last: UInt8 = 0
    for byte in rest.prefix(4_000) {
      if byte == UInt8(ascii: "_"), last.isDigit {
        last = byte
        continue
      }
      guard byte.isDigit else { break }
      last = byte
      digits.unicodeScalars.append(Unicode.Scalar(byte))
    }
    return BigInteger(digits) ?? .zero
  }

  /// The number that a value amounts to in arithmetic; text that is none is 0.
  static func number(_ operand: Operand) -> Value {
    guard case .value(let value) = operand else { return .integer(0) }
    switch value {
    case .integer, .bigInteger, .decimal, .float: return value
    case .string(let text):
      let trimmed = text.trimmedSpace
      if let number = fraction(trimmed) { return .float(number) }
      return .integer(leadingInteger(text))
    case .null, .bool, .array, .object: return .integer(0)
    }
  }

  /// `-?digits.digits`, else nil.
  private static func fraction(_ text: String) -> Double? {
    let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
    guard let point = digits.firstIndex(of: UInt8(ascii: ".")) else { return nil }
    let whole = digits[..<point]
    let rest = digits[digits.index(after: point)...]
    guard !whole.isEmpty, !rest.isEmpty, whole.allSatisfy(\.isDigit), rest.allSatisfy(\.isDigit)
    else { return nil }
    return Double(text)
  }

  /// A number cut off to an integer that fits.
  static func truncated(_ operand: Operand) -> Int {
    switch operand {
    case .value(.integer(let number)): return number
    case .value(let value):
      guard let number = value.double, number.isFinite else { return 0 }
      return Int(exactly: number.rounded(.towardZero)) ?? (number < 0 ? Int.min : Int.max)
    default: return 0
    }
  }
}

extension String {
  /// Without white space at both ends.
  var trimmedSpace: String {
    guard let first = utf8.first, let last = utf8.last, first.isStripped || last.isStripped else {
      return self
    }
    let start = utf8.firstIndex { !$0.isStripped } ?? endIndex
    let end = utf8.lastIndex { !$0.isStripped }.map { utf8.index(after: $0) } ?? start
    return String(self[start..<max(start, end)])
  }
}
