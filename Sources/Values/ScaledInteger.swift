/// An exact number to calculate with: `significand` × 10 to the power of −`scale`.
public struct ScaledInteger: Sendable {
  /// The digits as an integer.
  public var significand: BigInteger

  /// How many of the digits stand behind the point; negative for zeros before it.
  public var scale: Int

  /// Creates the number from its parts.
  public init(significand: BigInteger, scale: Int) {
    self.significand = significand
    self.scale = scale
  }

  /// The same number with at least `wanted` digits behind the point.
  public func rescaled(to wanted: Int) -> ScaledInteger {
    guard wanted > scale else { return self }
    return ScaledInteger(
      significand: significand * BigInteger.powerOfTen(wanted - scale),
      scale: wanted
    )
  }

  /// Compares what two numbers amount to.
  public static func compare(_ left: ScaledInteger, _ right: ScaledInteger) -> NumericOrder {
    let scale = max(left.scale, right.scale)
    let first = left.rescaled(to: scale).significand
    let second = right.rescaled(to: scale).significand
    return first < second ? .ascending : first == second ? .same : .descending
  }

  /// The exact sum.
  public static func + (left: ScaledInteger, right: ScaledInteger) -> ScaledInteger {
    let scale = max(left.scale, right.scale)
    return ScaledInteger(
      significand: left.rescaled(to: scale).significand + right.rescaled(to: scale).significand,
      scale: scale
    )
  }

  /// The exact difference.
  public static func - (left: ScaledInteger, right: ScaledInteger) -> ScaledInteger {
    left + ScaledInteger(significand: -right.significand, scale: right.scale)
  }

  /// The exact product.
  public static func * (left: ScaledInteger, right: ScaledInteger) -> ScaledInteger {
    ScaledInteger(
      significand: left.significand * right.significand,
      scale: left.scale + right.scale
    )
  }

  /// The decimal that writes this number out, with as many digits behind the point as its scale.
  public var decimal: ExactDecimal {
    ExactDecimal(written: text)
  }

  private var text: String {
    guard scale > 0 else {
      return (significand * BigInteger.powerOfTen(-scale)).description
    }
    var digits = (significand.isNegative ? -significand : significand).description
    if digits.utf8.count <= scale {
      digits = String(repeating: "0", count: scale + 1 - digits.utf8.count) + digits
    }
    let point = digits.index(digits.endIndex, offsetBy: -scale)
    return (significand.isNegative ? "-" : "") + digits[..<point] + "." + digits[point...]
  }
}
