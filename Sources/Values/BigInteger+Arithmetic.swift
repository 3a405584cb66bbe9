extension BigInteger: Comparable {
  /// Whether `left` is less.
  public static func < (left: BigInteger, right: BigInteger) -> Bool {
    if left.isNegative != right.isNegative { return left.isNegative }
    let order = compare(left.limbs, right.limbs)
    return left.isNegative ? order > 0 : order < 0
  }

  /// The negated integer.
  public static prefix func - (value: BigInteger) -> BigInteger {
    BigInteger(limbs: value.limbs, isNegative: !value.isNegative)
  }

  /// The sum.
  public static func + (left: BigInteger, right: BigInteger) -> BigInteger {
    if left.isNegative == right.isNegative {
      return BigInteger(limbs: add(left.limbs, right.limbs), isNegative: left.isNegative)
    }
    if compare(left.limbs, right.limbs) >= 0 {
      return BigInteger(limbs: subtract(left.limbs, right.limbs), isNegative: left.isNegative)
    }
    return BigInteger(limbs: subtract(right.limbs, left.limbs), isNegative: right.isNegative)
  }

  /// The difference.
  public static func - (left: BigInteger, right: BigInteger) -> BigInteger {
    left + -right
  }

  /// The product, in time that grows with the product of the lengths.
  public static func * (left: BigInteger, right: BigInteger) -> BigInteger {
    if left.isZero || right.isZero { return .zero }
    var product = [UInt32](repeating: 0, count: left.limbs.count + right.limbs.count)
    for (offset, factor) in left.limbs.enumerated() {
      var carry: UInt64 = 0
      for (index, limb) in right.limbs.enumerated() {
        let sum = UInt64(product[offset + index]) + UInt64(factor) * UInt64(limb) + carry
        product[offset + index] = UInt32(sum % base)
        carry = sum / base
      }
      product[offset + right.limbs.count] = UInt32(carry)
    }
    return BigInteger(limbs: product, isNegative: left.isNegative != right.isNegative)
  }

  /// The quotient rounded down and the remainder with the divisor's sign; nil for a zero divisor.
  public func dividedDown(
    by divisor: BigInteger
  ) -> (quotient: BigInteger, remainder: BigInteger)? {
    guard !divisor.isZero else { return nil }
    let (limbs, rest) = BigInteger.divide(limbs, divisor.limbs)
    var quotient = BigInteger(limbs: limbs, isNegative: isNegative != divisor.isNegative)
    var remainder = BigInteger(limbs: rest, isNegative: isNegative)
    if !remainder.isZero, isNegative != divisor.isNegative {
      quotient = quotient - BigInteger(1)
      remainder = remainder + divisor
    }
    return (quotient, remainder)
  }

  /// The quotient cut off towards zero and the remainder with the dividend's sign.
  ///
  /// Nil for a zero divisor.
  public func dividedTowardsZero(
    by divisor: BigInteger
  ) -> (quotient: BigInteger, remainder: BigInteger)? {
    guard !divisor.isZero else { return nil }
    let (limbs, rest) = BigInteger.divide(limbs, divisor.limbs)
    return (
      BigInteger(limbs: limbs, isNegative: isNegative != divisor.isNegative),
      BigInteger(limbs: rest, isNegative: isNegative)
    )
  }

  /// Ten to the power of `exponent`, which must not be negative.
  public static func powerOfTen(_ exponent: Int) -> BigInteger {
    var limbs = [UInt32](repeating: 0, count: max(0, exponent) / 9)
    limbs.append((0..<(max(0, exponent) % 9)).reduce(1) { power, _ in power * 10 })
    return BigInteger(limbs: limbs, isNegative: false)
  }
}

extension BigInteger {
  static func compare(_ left: [UInt32], _ right: [UInt32]) -> Int {
    if left.count != right.count { return left.count < right.count ? -1 : 1 }
    for index in left.indices.reversed() where left[index] != right[index] {
      return left[index] < right[index] ? -1 : 1
    }
    return 0
  }

  private static func add(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
    var sum: [UInt32] = []
    sum.reserveCapacity(max(left.count, right.count) + 1)
    var carry: UInt64 = 0
    for index in 0..<max(left.count, right.count) {
      let limb =
        UInt64(index < left.count ? left[index] : 0)
        + UInt64(index < right.count ? right[index] : 0) + carry
      sum.append(UInt32(limb % base))
      carry = limb / base
    }
    sum.append(UInt32(carry))
    return sum
  }

  /// The difference, where `left` is not less than `right`.
  private static func subtract(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
    var difference = left
    var borrow: Int64 = 0
    for index in left.indices {
      var limb = Int64(left[index]) - borrow - (index < right.count ? Int64(right[index]) : 0)
      borrow = limb < 0 ? 1 : 0
      if limb < 0 { limb += Int64(base) }
      difference[index] = UInt32(truncatingIfNeeded: limb)
    }
    return difference
  }

  /// Long division of magnitudes (Knuth, The Art of Computer Programming, 4.3.1, algorithm D).
  private static func divide(_ left: [UInt32], _ right: [UInt32]) -> ([UInt32], [UInt32]) {
    if compare(left, right) < 0 { return ([], left) }
    if right.count == 1 {
      let (quotient, rest) = divide(left, by: UInt64(right[0]))
      return (quotient, rest == 0 ? [] : [UInt32(rest)])
    }
    let factor = base / (UInt64(right[right.count - 1]) + 1)
    var rest = multiply(left, by: factor)
    if rest.count == left.count { rest.append(0) }
    let divisor = multiply(right, by: factor)
    let length = right.count
    var quotient = [UInt32](repeating: 0, count: left.count - length + 1)
    for offset in (0...(left.count - length)).reversed() {
      quotient[offset] = UInt32(step(&rest, divisor: divisor, offset: offset, length: length))
    }
    while rest.last == 0 { rest.removeLast() }
    return (quotient, divide(rest, by: factor).0)
  }

  /// Finds one limb of the quotient and takes its multiple off `rest`.
  private static func step(
    _ rest: inout [UInt32],
    divisor: [UInt32],
    offset: Int,
    length: Int
  ) -> UInt64 {
    let top = UInt64(rest[offset + length]) * base + UInt64(rest[offset + length - 1])
    let first = UInt64(divisor[length - 1])
    var guess = min(top / first, base - 1)
    while guess > 0,
      guess * UInt64(divisor[length - 2])
        > (top - guess * first) * base + UInt64(rest[offset + length - 2]),
      top - guess * first < base
    { guess -= 1 }
    var carry: Int64 = 0
    for index in 0...length {
      let part = index < length ? Int64(guess * UInt64(divisor[index])) : 0
      let limb = Int64(rest[offset + index]) - part - carry
      let kept = ((limb % Int64(base)) + Int64(base)) % Int64(base)
      carry = (kept - limb) / Int64(base)
      rest[offset + index] = UInt32(kept)
    }
    while carry > 0 {
      guess -= 1
      var over: UInt64 = 0
      for index in 0...length {
        let sum =
          UInt64(rest[offset + index]) + (index < length ? UInt64(divisor[index]) : 0) + over
        rest[offset + index] = UInt32(sum % base)
        over = sum / base
      }
      carry -= Int64(over)
    }
    return guess
  }

  private static func divide(_ limbs: [UInt32], by divisor: UInt64) -> ([UInt32], UInt64) {
    var quotient = limbs
    var rest: UInt64 = 0
    for index in limbs.indices.reversed() {
      let part = rest * base + UInt64(limbs[index])
      quotient[index] = UInt32(part / divisor)
      rest = part % divisor
    }
    return (quotient, rest)
  }

  private static func multiply(_ limbs: [UInt32], by factor: UInt64) -> [UInt32] {
    var product: [UInt32] = []
    var carry: UInt64 = 0
    for limb in limbs {
      let part = UInt64(limb) * factor + carry
      product.append(UInt32(part % base))
      carry = part / base
    }
    if carry > 0 { product.append(UInt32(carry)) }
    return product
  }
}
