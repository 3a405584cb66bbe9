internal import Values

/// Arithmetic that stays exact where numbers can be written out, else is that of binary numbers.
extension Value {
  var magnitude: Value {
    switch self {
    case .integer(let number):
      number < 0 ? .integer(-BigInteger(number)) : self
    case .bigInteger(let number): number.isNegative ? .bigInteger(-number) : self
    case .decimal(let number):
      number.text.hasPrefix("-") ? Value.number(String(number.text.dropFirst())) ?? self : self
    case .float(let number): .float(number.magnitude)
    case .null, .bool, .string, .array, .object: .null
    }
  }

  func rounded(up: Bool) -> Value {
    if case .integer = self { return self }
    if let scaled {
      guard scaled.scale > 0 else { return Value.whole(scaled) }
      let unit = BigInteger.powerOfTen(scaled.scale)
      guard let (quotient, remainder) = scaled.significand.dividedDown(by: unit) else {
        return self
      }
      return .integer(up && !remainder.isZero ? quotient + BigInteger(1) : quotient)
    }
    return .float((double ?? 0).rounded(up ? .up : .down))
  }

  static func sum(_ items: [Value]) -> Value {
    var total = ScaledInteger(significand: .zero, scale: 0)
    for item in items {
      guard let number = item.scaled else { return binarySum(items) }
      total = total + number
    }
    return total.scale > 0 ? .decimal(total.decimal) : whole(total)
  }

  /// Null of no items; an integer where it is one.
  static func average(_ items: [Value]) -> Value {
    if items.isEmpty { return .null }
    let total = sum(items)
    if let exact = total.scaled, exact.scale <= 0, case .integer(let whole) = whole(exact),
      whole.isMultiple(of: items.count)
    {
      return .integer(whole / items.count)
    }
    return .float((total.double ?? 0) / Double(items.count))
  }

  private static func whole(_ number: ScaledInteger) -> Value {
    .integer(number.significand * BigInteger.powerOfTen(-number.scale))
  }

  private static func binarySum(_ items: [Value]) -> Value {
    .float(items.reduce(0) { $0 + ($1.double ?? 0) })
  }
}
