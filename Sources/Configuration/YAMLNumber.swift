import Text

/// Numbers as the core schema of YAML 1.2.2 writes them, section 10.3.2.
enum YAMLNumber {
  static func isInteger(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    if text.hasPrefix("0o"), bytes.count > 2 {
      return bytes.dropFirst(2).allSatisfy { (48...55).contains($0) }
    }
    if text.hasPrefix("0x"), bytes.count > 2 {
      return bytes.dropFirst(2).allSatisfy { Hexadecimal.value($0) != nil }
    }
    let digits = withoutSign(bytes)
    return !digits.isEmpty && digits.allSatisfy(isDigit)
  }

  static func isFloat(_ text: String) -> Bool {
    let bytes = withoutSign(Array(text.utf8))
    switch String(decoding: bytes, as: UTF8.self) {
    case ".inf", ".Inf", ".INF": return true
    case ".nan", ".NaN", ".NAN": return text.first == "."
    default: return parts(of: bytes) != nil
    }
  }

  /// The number as JSON writes it, digit for digit; nil for infinities and what is not a number.
  static func json(_ text: String) -> String? {
    if text.hasPrefix("0o") { return UInt64(text.dropFirst(2), radix: 8).map(String.init) }
    if text.hasPrefix("0x") { return UInt64(text.dropFirst(2), radix: 16).map(String.init) }
    guard let parts = parts(of: withoutSign(Array(text.utf8))) else { return nil }
    let whole = parts.whole.drop { $0 == 48 }
    var result = text.first == "-" ? "-" : ""
    result += whole.isEmpty ? "0" : String(decoding: whole, as: UTF8.self)
    if !parts.fraction.isEmpty { result += "." + String(decoding: parts.fraction, as: UTF8.self) }
    if !parts.exponent.isEmpty { result += "e" + String(decoding: parts.exponent, as: UTF8.self) }
    return result
  }

  private struct Parts {
    var whole: ArraySlice<UInt8>
    var fraction: ArraySlice<UInt8> = []
    var exponent: ArraySlice<UInt8> = []
  }

  private static func parts(of bytes: ArraySlice<UInt8>) -> Parts? {
    var parts = Parts(whole: bytes.prefix(while: isDigit))
    var rest = bytes.dropFirst(parts.whole.count)
    if rest.first == UInt8(ascii: ".") {
      parts.fraction = rest.dropFirst().prefix(while: isDigit)
      rest = rest.dropFirst(1 + parts.fraction.count)
    }
    guard !parts.whole.isEmpty || !parts.fraction.isEmpty else { return nil }
    if let mark = rest.first, mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") {
      parts.exponent = rest.dropFirst()
      guard !withoutSign(Array(parts.exponent)).isEmpty else { return nil }
      rest = withoutSign(Array(parts.exponent)).drop(while: isDigit)
    }
    return rest.isEmpty ? parts : nil
  }

  private static func withoutSign(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    let hasSign = bytes.first == UInt8(ascii: "-") || bytes.first == UInt8(ascii: "+")
    return bytes.dropFirst(hasSign ? 1 : 0)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}
