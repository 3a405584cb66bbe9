import Values

/// The filters that calculate.
///
/// Integers of any size stay integers. Decimals stay exact where they are added, subtracted and
/// multiplied. Floats are calculated through their shortest decimal form, as Liquid does, so that
/// 0.1 plus 0.2 is 0.3.
struct Arithmetic {
  let digitsMax: Int

  func sum(_ left: Value, _ right: Value) throws(Fault) -> Value {
    try combine(left, right: right, small: { $0.addingReportingOverflow($1) }, exact: +, binary: +)
  }

  func difference(_ left: Value, _ right: Value) throws(Fault) -> Value {
    try combine(
      left,
      right: right,
      small: { $0.subtractingReportingOverflow($1) },
      exact: -,
      binary: -
    )
  }

  func product(_ left: Value, _ right: Value) throws(Fault) -> Value {
    try combine(
      left,
      right: right,
      small: { $0.multipliedReportingOverflow(by: $1) },
      exact: *,
      binary: *
    )
  }

  private func combine(
    _ left: Value,
    right: Value,
    small: (Int, Int) -> (partialValue: Int, overflow: Bool),
    exact: (ScaledInteger, ScaledInteger) -> ScaledInteger,
    binary: (Double, Double) -> Double
  ) throws(Fault) -> Value {
    if case .integer(let first) = left, case .integer(let second) = right {
      let (result, overflow) = small(first, second)
      if !overflow { return .integer(result) }
    }
    guard let (first, second) = try scaled(left, right) else {
      return .float(binary(left.double ?? 0, right.double ?? 0))
    }
    return try value(exact(first, second), like: left, right)
  }

  /// Both numbers exactly, nil if one is infinite or has too large an exponent.
  private func scaled(
    _ left: Value,
    _ right: Value
  ) throws(Fault) -> (ScaledInteger, ScaledInteger)? {
    guard let first = left.scaled, let second = right.scaled else { return nil }
    for number in [first, second] {
      guard number.significand.digitCount + abs(number.scale) <= digitsMax * 2 else {
        throw tooLarge
      }
    }
    return (first, second)
  }

  private var tooLarge: Fault { Fault(.limit, "a number has more than \(digitsMax) digits") }

  /// The result in the kind that Liquid gives it: integer, float where one was, else decimal.
  private func value(
    _ result: ScaledInteger,
    like left: Value,
    _ right: Value
  ) throws(Fault) -> Value {
    guard result.significand.digitCount <= digitsMax, abs(result.scale) <= digitsMax else {
      throw tooLarge
    }
    if left.isInteger, right.isInteger { return .integer(result.significand) }
    if case .float = left { return .float(result.decimal.double) }
    if case .float = right { return .float(result.decimal.double) }
    return .decimal(result.decimal)
  }

  func quotient(_ left: Value, _ right: Value) throws(Fault) -> Value {
    guard let (first, second) = try scaled(left, right) else {
      return .float((left.double ?? 0) / (right.double ?? 0))
    }
    if left.isInteger, right.isInteger {
      guard let result = first.significand.dividedDown(by: second.significand) else {
        throw Fault(.zeroDivision, "divided by 0")
      }
      return .integer(result.quotient)
    }
    let scale = max(first.scale, second.scale)
    // Twenty digits more than the operands have, and rounded there.
    let dividend = first.rescaled(to: scale).significand * BigInteger.powerOfTen(20)
    let divisor = second.rescaled(to: scale).significand
    guard let result = dividend.dividedTowardsZero(by: divisor) else {
      throw Fault(.zeroDivision, "divided by 0")
    }
    var exact = ScaledInteger(significand: result.quotient, scale: 20)
    while exact.scale > 1, let tenth = exact.significand.dividedTowardsZero(by: BigInteger(10)),
      tenth.remainder.isZero
    {
      exact = ScaledInteger(significand: tenth.quotient, scale: exact.scale - 1)
    }
    return try value(exact, like: left, right)
  }

  func remainder(_ left: Value, _ right: Value) throws(Fault) -> Value {
    guard let (first, second) = try scaled(left, right) else { return .float(.nan) }
    let scale = max(first.scale, second.scale)
    let dividend = first.rescaled(to: scale).significand
    guard let result = dividend.dividedDown(by: second.rescaled(to: scale).significand) else {
      throw Fault(.zeroDivision, "divided by 0")
    }
    return try value(
      ScaledInteger(significand: result.remainder, scale: scale),
      like: left,
      right
    )
  }

  func absolute(_ number: Value) throws(Fault) -> Value {
    if case .float(let float) = number { return .float(float.magnitude) }
    guard let exact = number.scaled, exact.significand.isNegative else { return number }
    return try value(
      ScaledInteger(significand: -exact.significand, scale: exact.scale),
      like: number,
      number
    )
  }

  enum Direction {
    case up
    case down
    case nearest
  }

  func round(_ number: Value, _ digits: Operand?) throws(Fault) -> Value {
    let wanted = digits.map { Numbers.truncated(.value(Numbers.number($0))) } ?? 0
    if case .value(let given)? = digits, case .float(let float) = given, !float.isFinite {
      throw .argument("a number of digits is expected")
    }
    guard wanted.magnitude <= digitsMax.magnitude else { return wanted > 0 ? number : .integer(0) }
    let result = try rounded(number, digits: wanted, .nearest)
    return result
  }

  func rounded(
    _ number: Value,
    digits: Int,
    _ direction: Direction
  ) throws(Fault) -> Value {
    guard let exact = number.scaled else {
      if case .float(let float) = number, float.isFinite { return number }
      throw .argument(number.text)
    }
    guard abs(exact.scale) <= digitsMax else { throw tooLarge }
    guard exact.scale > digits else {
      if number.isInteger || digits > 0 { return number }
      return .integer(exact.rescaled(to: 0).significand)
    }
    let power = BigInteger.powerOfTen(exact.scale - digits)
    guard let cut = exact.significand.dividedDown(by: power) else { return number }
    var significand = cut.quotient
    switch direction {
    case .down: break
    case .up: if !cut.remainder.isZero { significand = significand + BigInteger(1) }
    case .nearest:
      let double = cut.remainder + cut.remainder
      // A half goes away from zero.
      if double > power || (double == power && !exact.significand.isNegative) {
        significand = significand + BigInteger(1)
      }
    }
    if digits <= 0 { return .integer(significand * BigInteger.powerOfTen(-digits)) }
    return try value(ScaledInteger(significand: significand, scale: digits), like: number, number)
  }
}

extension Value {
  var isInteger: Bool {
    switch self {
    case .integer, .bigInteger: true
    case .null, .bool, .decimal, .float, .string, .array, .object: false
    }
  }
}
