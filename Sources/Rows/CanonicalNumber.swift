public import Bytes

/// One text for every way of writing a decimal number.
///
/// Used only where a column was retyped: 1, 1.0 and 1e0 are then the same value.
public enum CanonicalNumber {
  /// Appends sign, significant digits and exponent of `field`, or `field` where it is no number.
  public static func append(_ field: UnsafeRawBufferPointer, to output: inout ByteBuffer) {
    guard let parts = parse(field) else { return output.append(field) }
    if parts.digits.isEmpty { return output.append(UInt8(ascii: "0")) }
    if parts.isNegative { output.append(UInt8(ascii: "-")) }
    output.append(parts.digits)
    output.append(UInt8(ascii: "e"))
    output.append(decimal: parts.exponent)
  }

  private struct Parts {
    var isNegative = false
    var digits: [UInt8] = []
    var exponent = 0
  }

  private static func parse(_ field: UnsafeRawBufferPointer) -> Parts? {
    var parts = Parts()
    var hasPoint = false
    var hasDigit = false
    for index in field.indices {
      switch field[index] {
      case UInt8(ascii: "-") where index == 0: parts.isNegative = true
      case UInt8(ascii: "."):
        if hasPoint { return nil }
        hasPoint = true
      case let digit where digit >= UInt8(ascii: "0") && digit <= UInt8(ascii: "9"):
        hasDigit = true
        parts.digits.append(digit)
        if hasPoint { parts.exponent -= 1 }
      case UInt8(ascii: "e"), UInt8(ascii: "E"):
        let text = String(decoding: field[(index + 1)...], as: UTF8.self)
        guard hasDigit, let exponent = Int(text), abs(exponent) < 1_000_000 else { return nil }
        parts.exponent += exponent
        return trimmed(parts)
      default: return nil
      }
    }
    return hasDigit ? trimmed(parts) : nil
  }

  private static func trimmed(_ parts: Parts) -> Parts {
    var parts = parts
    parts.digits = Array(parts.digits.drop { $0 == UInt8(ascii: "0") })
    while parts.digits.last == UInt8(ascii: "0") {
      parts.digits.removeLast()
      parts.exponent += 1
    }
    return parts
  }
}
