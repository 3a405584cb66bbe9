/// An integer of any size.
///
/// Kept in limbs of nine decimal digits, because it is mostly read, written and scaled in decimal.
public struct BigInteger: Sendable, Hashable {
  static let base: UInt64 = 1_000_000_000

  /// The least significant limb first, without leading zeros; empty for zero.
  var limbs: [UInt32]

  /// Whether it is below zero.
  public internal(set) var isNegative: Bool

  init(limbs: [UInt32], isNegative: Bool) {
    var limbs = limbs
    while limbs.last == 0 { limbs.removeLast() }
    self.limbs = limbs
    self.isNegative = isNegative && !limbs.isEmpty
  }

  /// The integer `value`.
  public init(_ value: Int) {
    var limbs: [UInt32] = []
    var rest = UInt64(value.magnitude)
    while rest > 0 {
      limbs.append(UInt32(rest % BigInteger.base))
      rest /= BigInteger.base
    }
    self.limbs = limbs
    isNegative = value < 0
  }

  /// The integer that `text` writes: an optional sign and digits, else nil.
  public init?(_ text: some StringProtocol) {
    var digits = Array(text.utf8)
    let sign = digits.first
    if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { digits.removeFirst() }
    guard !digits.isEmpty, digits.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return nil }
    var limbs: [UInt32] = []
    limbs.reserveCapacity(digits.count / 9 + 1)
    var end = digits.count
    while end > 0 {
      let start = max(0, end - 9)
      limbs.append(digits[start..<end].reduce(0) { $0 * 10 + UInt32($1 - 48) })
      end = start
    }
    self.init(limbs: limbs, isNegative: sign == UInt8(ascii: "-"))
  }

  /// Zero.
  public static let zero = BigInteger(0)

  /// Whether it is zero.
  public var isZero: Bool { limbs.isEmpty }

  /// The value in 64 bits, nil if it does not fit.
  public var int: Int? {
    guard limbs.count <= 3 else { return nil }
    var magnitude: UInt64 = 0
    for limb in limbs.reversed() {
      let (product, overflow) = magnitude.multipliedReportingOverflow(by: BigInteger.base)
      let (sum, carry) = product.addingReportingOverflow(UInt64(limb))
      if overflow || carry { return nil }
      magnitude = sum
    }
    if isNegative {
      return magnitude == UInt64(Int.min.magnitude) ? Int.min : Int(exactly: magnitude).map { -$0 }
    }
    return Int(exactly: magnitude)
  }

  /// The nearest binary number.
  public var double: Double {
    if let int { return Double(int) }
    return Double(description) ?? (isNegative ? -.infinity : .infinity)
  }

  /// How many decimal digits it has; zero has one.
  public var digitCount: Int {
    guard var top = limbs.last else { return 1 }
    var count = (limbs.count - 1) * 9
    while top > 0 {
      count += 1
      top /= 10
    }
    return count
  }
}

extension BigInteger: CustomStringConvertible {
  /// The integer in decimal.
  public var description: String {
    guard let top = limbs.last else { return "0" }
    var text = isNegative ? "-" : ""
    text += String(top)
    for limb in limbs.dropLast().reversed() {
      let digits = String(limb)
      text += String(repeating: "0", count: 9 - digits.utf8.count)
      text += digits
    }
    return text
  }
}
