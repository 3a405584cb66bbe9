/// A value as templates, queries and messages know it.
///
/// The one closed type of values: JSON's kinds, with numbers kept as they were written. An integer
/// and the same number with a fraction (`1`, `1.0`) are different values; use
/// `compareNumbers(_:_:)` to compare what they amount to.
public enum Value: Sendable, Equatable {
  /// SQL's NULL, JSON's null.
  case null
  /// True or false.
  case bool(Bool)
  /// An integer of 64 bits.
  case integer(Int)
  /// An integer beyond 64 bits.
  case bigInteger(BigInteger)
  /// A number with a fraction or exponent, digit for digit as it was written.
  case decimal(ExactDecimal)
  /// A binary floating-point number.
  case float(Double)
  /// Text.
  case string(String)
  /// Values in order.
  case array([Value])
  /// Members in order.
  case object(Object)

  /// The integer of any size that `big` is, in its smallest form.
  public static func integer(_ big: BigInteger) -> Value {
    if let small = big.int { return .integer(small) }
    return .bigInteger(big)
  }

  /// The number that `text` writes, or nil if it is none by the grammar of JSON.
  public static func number(_ text: String) -> Value? {
    if let small = Int(text), ExactDecimal.isNumber(text) {
      // "-0" has no integer that prints the same.
      return small == 0 && text.utf8.first == UInt8(ascii: "-")
        ? ExactDecimal(text).map(Value.decimal) : .integer(small)
    }
    guard let decimal = ExactDecimal(text) else { return nil }
    if decimal.isWhole, let big = BigInteger(text) { return .integer(big) }
    return .decimal(decimal)
  }

  /// Whether it is null.
  public var isNull: Bool {
    if case .null = self { return true }
    return false
  }

  /// Whether it is a number of any kind.
  public var isNumber: Bool {
    switch self {
    case .integer, .bigInteger, .decimal, .float: true
    case .null, .bool, .string, .array, .object: false
    }
  }
}

/// How two numbers stand to each other.
public enum NumericOrder: Sendable {
  /// The first is less.
  case ascending
  /// They are the same number.
  case same
  /// The first is greater.
  case descending
}

extension Value {
  /// Compares two numbers by what they amount to, whatever kinds they are.
  ///
  /// Nil if one is not a number, or is NaN.
  public static func compareNumbers(_ first: Value, _ second: Value) -> NumericOrder? {
    if case .integer(let left) = first, case .integer(let right) = second {
      return left < right ? .ascending : left == right ? .same : .descending
    }
    guard first.isNumber, second.isNumber else { return nil }
    if let left = first.scaled, let right = second.scaled {
      return ScaledInteger.compare(left, right)
    }
    guard let left = first.double, let right = second.double else { return nil }
    if left < right { return .ascending }
    if left > right { return .descending }
    return left == right ? .same : nil
  }

  /// The number as a binary one, nil if it is not a number.
  public var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .bigInteger(let value): value.double
    case .decimal(let value): value.double
    case .float(let value): value
    case .null, .bool, .string, .array, .object: nil
    }
  }

  /// The number as an exact one.
  ///
  /// Nil if it is not a number, is infinite, or has an exponent too large to write out. A float is
  /// taken by its shortest decimal form.
  public var scaled: ScaledInteger? {
    switch self {
    case .integer(let value): ScaledInteger(significand: BigInteger(value), scale: 0)
    case .bigInteger(let value): ScaledInteger(significand: value, scale: 0)
    case .decimal(let value): value.scaled
    case .float(let value): value.isFinite ? ExactDecimal("\(value)")?.scaled : nil
    case .null, .bool, .string, .array, .object: nil
    }
  }
}
