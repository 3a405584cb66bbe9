/// A number with a fraction or an exponent, kept digit for digit as it was written.
///
/// `1.50` stays `1.50`. Two are equal when their texts are; compare what they amount to with
/// `Value.compareNumbers(_:_:)`.
public struct ExactDecimal: Sendable, Hashable {
  /// The digits as they were written, a number by the grammar of RFC 8259.
  public let text: String

  /// The number that `text` writes, nil if that is none by the grammar of RFC 8259.
  public init?(_ text: String) {
    guard ExactDecimal.isNumber(text) else { return nil }
    self.text = text
  }

  init(written text: String) {
    self.text = text
  }

  /// The nearest binary number.
  public var double: Double { Double(text) ?? 0 }

  /// Whether it is written without a fraction and an exponent.
  public var isWhole: Bool {
    !text.utf8.contains { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }
  }

  /// The number as an integer and a scale, nil if its exponent is beyond ±4000.
  public var scaled: ScaledInteger? {
    var digits = ""
    var scale = 0
    var exponent = 0
    var isFraction = false
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: ".") {
        isFraction = true
      } else if byte | 0x20 == UInt8(ascii: "e") {
        guard let written = Int(String(rest) ?? "") else { return nil }
        exponent = written
        break
      } else {
        digits.unicodeScalars.append(Unicode.Scalar(byte))
        if isFraction { scale += 1 }
      }
    }
    guard exponent.magnitude <= 4000, let significand = BigInteger(digits) else { return nil }
    return ScaledInteger(significand: significand, scale: scale - exponent)
  }

  /// Whether `text` is a number by the grammar of RFC 8259.
  public static func isNumber(_ text: String) -> Bool {
    var rest = text.utf8[...]
    if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
    guard let first = rest.first else { return false }
    let whole = takeDigits(&rest)
    if whole == 0 || (whole > 1 && first == UInt8(ascii: "0")) { return false }
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      if takeDigits(&rest) == 0 { return false }
    }
    if let byte = rest.first, byte | 0x20 == UInt8(ascii: "e") {
      rest.removeFirst()
      if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
      if takeDigits(&rest) == 0 { return false }
    }
    return rest.isEmpty
  }

  private static func takeDigits(_ rest: inout Substring.UTF8View) -> Int {
    var count = 0
    while let byte = rest.first, byte >= 48, byte <= 57 {
      rest.removeFirst()
      count += 1
    }
    return count
  }
}
