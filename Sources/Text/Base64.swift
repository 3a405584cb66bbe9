/// Base64 (RFC 4648), of the standard alphabet or of the one for URLs and file names.
public enum Base64 {
  /// The two letters that the alphabets do not share.
  public enum Alphabet: Sendable, Hashable {
    /// `+` and `/`; padding is needed (section 4).
    case standard
    /// `-` and `_`; padding may be missing (section 5).
    case urlSafe
  }

  /// Base64 with padding.
  public static func text(_ bytes: [UInt8], _ alphabet: Alphabet = .standard) -> String {
    var buffer = ByteBuffer(capacity: (bytes.count + 2) / 3 * 4)
    bytes.withUnsafeBytes { append($0, alphabet, to: &buffer) }
    return buffer.text
  }

  /// Base64 for URLs, without padding.
  public static func unpaddedURLText(_ bytes: [UInt8]) -> String {
    let text = text(bytes, .urlSafe)
    return String(text.prefix { $0 != "=" })
  }

  /// Appends `bytes` in base64 with padding.
  public static func append(
    _ bytes: UnsafeRawBufferPointer,
    _ alphabet: Alphabet = .standard,
    to output: inout ByteBuffer
  ) {
    let letters = letters(alphabet).utf8Start
    let padding = UInt8(ascii: "=")
    let length = (bytes.count + 2) / 3 * 4
    output.append(upTo: length) { room in
      var target = 0
      for start in stride(from: 0, to: bytes.count, by: 3) {
        let first = bytes[start]
        let second = start + 1 < bytes.count ? bytes[start + 1] : 0
        let third = start + 2 < bytes.count ? bytes[start + 2] : 0
        room[target] = letters[Int(first >> 2)]
        room[target + 1] = letters[Int((first & 3) << 4 | second >> 4)]
        room[target + 2] =
          start + 1 < bytes.count ? letters[Int((second & 15) << 2 | third >> 6)] : padding
        room[target + 3] = start + 2 < bytes.count ? letters[Int(third & 63)] : padding
        target += 4
      }
      return length
    }
  }

  /// The bytes that `text` writes; nil if it is not base64 of this alphabet.
  public static func bytes(of text: [UInt8], _ alphabet: Alphabet = .standard) -> [UInt8]? {
    let padding = text.reversed().prefix { $0 == UInt8(ascii: "=") }.count
    let letters = text.dropLast(padding)
    guard padding <= 2, letters.count % 4 != 1 else { return nil }
    let isPadded = text.count % 4 == 0
    guard isPadded || (alphabet == .urlSafe && padding == 0) else { return nil }
    var result: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for letter in letters {
      guard let value = value(letter, alphabet) else { return nil }
      bits = bits << 6 | UInt32(value)
      count += 6
      guard count >= 8 else { continue }
      count -= 8
      result.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
    }
    return result
  }

  private static func letters(_ alphabet: Alphabet) -> StaticString {
    switch alphabet {
    case .standard: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    case .urlSafe: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    }
  }

  private static func value(_ letter: UInt8, _ alphabet: Alphabet) -> UInt8? {
    switch letter {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): letter - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): letter - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): letter - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"): alphabet == .standard ? 62 : nil
    case UInt8(ascii: "/"): alphabet == .standard ? 63 : nil
    case UInt8(ascii: "-"): alphabet == .urlSafe ? 62 : nil
    case UInt8(ascii: "_"): alphabet == .urlSafe ? 63 : nil
    default: nil
    }
  }
}
