/// Percent encoding (RFC 3986).
public enum PercentEncoding {
  /// `text` with everything encoded except letters, digits and `-._~`, in upper-case digits.
  public static func text(_ text: some StringProtocol) -> String {
    String(decoding: bytes(text.utf8), as: UTF8.self)
  }

  /// The same of bytes.
  public static func bytes(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    var encoded: [UInt8] = []
    for byte in bytes {
      if isUnreserved(byte) { encoded.append(byte) } else { encoded += octet(byte) }
    }
    return encoded
  }

  /// One byte as `%` and two upper-case digits.
  public static func octet(_ byte: UInt8) -> [UInt8] {
    [
      UInt8(ascii: "%"), Hexadecimal.digit(byte >> 4, isUpper: true),
      Hexadecimal.digit(byte & 15, isUpper: true),
    ]
  }

  /// The bytes that `text` encodes; nil if a `%` is not followed by two hexadecimal digits.
  public static func decoded(_ text: some StringProtocol) -> [UInt8]? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(Hexadecimal.value),
        let low = rest.popFirst().flatMap(Hexadecimal.value)
      else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  /// Whether a byte never needs encoding.
  public static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "_"), UInt8(ascii: "~"):
      true
    default: false
    }
  }
}
