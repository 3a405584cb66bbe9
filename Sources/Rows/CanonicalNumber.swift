public import Text

/// One text for every way of writing a decimal number: 1, 1.0 and 1e0 are the same value.
///
/// For values that are compared by value: the columns of a primary key, and columns that were
/// retyped between numbers. A plain integer is its own text, so that it equals the text of a
/// column that became text.
public enum CanonicalNumber {
  /// Appends the number that `field` writes, or `field` as it is if it is not a number.
  ///
  /// Sign, digits and point without superfluous zeros; with an exponent if the plain form would
  /// have more than 40 digits.
  public static func append(_ field: UnsafeRawBufferPointer, to output: inout ByteBuffer) {
    if isPlainInteger(field) { return output.append(field) }
    guard let number = Number(field) else { return output.append(field) }
    number.append(of: field, to: &output)
  }

  /// Whether `field` is an integer of at most 18 digits without superfluous zeros or sign.
  @inline(__always) private static func isPlainInteger(_ field: UnsafeRawBufferPointer) -> Bool {
    var index = 0
    if field.first == UInt8(ascii: "-") { index = 1 }
    let count = field.count - index
    guard count > 0, count <= 18 else { return false }
    if field[index] == UInt8(ascii: "0") { return field.count == 1 }
    while index < field.count {
      guard isDigit(field[index]) else { return false }
      index += 1
    }
    return true
  }

  @inline(__always) static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  /// Whether `field` begins as a number does that nobody padded with zeros: one zero before the point
  /// at most.
  static func isPlain(_ field: UnsafeRawBufferPointer) -> Bool {
    let digits = field.dropFirst(field.first == UInt8(ascii: "-") ? 1 : 0)
    guard let first = digits.first, isDigit(first) else { return false }
    guard first == UInt8(ascii: "0"), digits.count > 1 else { return true }
    return !isDigit(digits[digits.startIndex + 1])
  }

  /// Most digits of the plain form.
  fileprivate static let digitsMax = 40
  /// Largest magnitude of an exponent that is read.
  fileprivate static let exponentMax = 1_000_000
}

/// Where the parts of a number's text are.
private struct Number {
  private var isNegative = false
  /// From the first digit that is not zero to after the last one, a point between them included.
  private var significant = 0..<0
  private var digitCount = 0
  /// Of the last significant digit.
  private var exponent = 0

  /// Reads `field`; nil if it is not a decimal number.
  init?(_ field: UnsafeRawBufferPointer) {
    var index = 0
    if field.first == UInt8(ascii: "-") {
      isNegative = true
      index = 1
    }
    var hasDigit = false
    var point: Int?
    // Digits since the last one that is not zero.
    var zeros = 0
    scan: while index < field.count {
      switch field[index] {
      case UInt8(ascii: "0"):
        hasDigit = true
        if digitCount > 0 { zeros += 1 }
        if point != nil { exponent -= 1 }
      case let byte where CanonicalNumber.isDigit(byte):
        hasDigit = true
        if digitCount == 0 { significant = index..<index }
        digitCount += zeros + 1
        zeros = 0
        significant = significant.lowerBound..<(index + 1)
        if point != nil { exponent -= 1 }
      case UInt8(ascii: "."):
        if point != nil { return nil }
        point = index
      case UInt8(ascii: "e"), UInt8(ascii: "E"):
        guard hasDigit,
          let shift = Self.exponent(UnsafeRawBufferPointer(rebasing: field[(index + 1)...]))
        else { return nil }
        exponent += shift
        break scan
      default: return nil
      }
      index += 1
    }
    if !hasDigit { return nil }
    exponent += zeros
  }

  private static func exponent(_ text: UnsafeRawBufferPointer) -> Int? {
    let hasSign = text.first == UInt8(ascii: "-") || text.first == UInt8(ascii: "+")
    let digits = text.dropFirst(hasSign ? 1 : 0)
    if digits.isEmpty { return nil }
    var value = 0
    for byte in digits {
      guard CanonicalNumber.isDigit(byte) else { return nil }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
      if value >= CanonicalNumber.exponentMax { return nil }
    }
    return text.first == UInt8(ascii: "-") ? -value : value
  }

  func append(of field: UnsafeRawBufferPointer, to output: inout ByteBuffer) {
    if digitCount == 0 { return output.append(UInt8(ascii: "0")) }
    if isNegative { output.append(UInt8(ascii: "-")) }
    // Digits before the point of the plain form.
    let whole = digitCount + exponent
    let isPlain =
      max(whole, digitCount) <= CanonicalNumber.digitsMax
      && exponent >= -CanonicalNumber.digitsMax
    if isPlain, whole <= 0 {
      output.append("0.")
      for _ in whole..<0 { output.append(UInt8(ascii: "0")) }
    }
    var written = 0
    for index in significant where field[index] != UInt8(ascii: ".") {
      if isPlain, written == whole, whole > 0 { output.append(UInt8(ascii: ".")) }
      output.append(field[index])
      written += 1
    }
    if !isPlain {
      output.append(UInt8(ascii: "e"))
      output.append(decimal: exponent)
    } else if exponent > 0 {
      for _ in 0..<exponent { output.append(UInt8(ascii: "0")) }
    }
  }
}
