internal import Bytes

/// Bytes as text: base64 (RFC 4648, section 4) and hexadecimal.
enum Base64 {
  private static let alphabet: StaticString =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

  /// Appends `bytes` in base64, in quotes.
  static func append(quoted bytes: UnsafeRawBufferPointer, to output: inout ByteBuffer) {
    let letters = alphabet.utf8Start
    let length = (bytes.count + 2) / 3 * 4 + 2
    output.append(upTo: length) { room in
      room[0] = UInt8(ascii: "\"")
      room[length - 1] = UInt8(ascii: "\"")
      var target = 1
      for start in stride(from: 0, to: bytes.count, by: 3) {
        let first = bytes[start]
        let second = start + 1 < bytes.count ? bytes[start + 1] : 0
        let third = start + 2 < bytes.count ? bytes[start + 2] : 0
        room[target] = letters[Int(first >> 2)]
        room[target + 1] = letters[Int((first & 3) << 4 | second >> 4)]
        room[target + 2] =
          start + 1 < bytes.count
          ? letters[Int((second & 15) << 2 | third >> 6)] : UInt8(ascii: "=")
        room[target + 3] =
          start + 2 < bytes.count ? letters[Int(third & 63)] : UInt8(ascii: "=")
        target += 4
      }
      return length
    }
  }

  /// Appends the bytes that `digits` write; false if they are no hexadecimal digits.
  static func decode(
    hexadecimal digits: UnsafeRawBufferPointer,
    into output: inout ByteBuffer
  ) -> Bool {
    guard digits.count % 2 == 0 else { return false }
    var sound = true
    output.append(upTo: digits.count / 2) { room in
      for index in 0..<(digits.count / 2) {
        guard let high = value(of: digits[index * 2]), let low = value(of: digits[index * 2 + 1])
        else {
          sound = false
          return 0
        }
        room[index] = high << 4 | low
      }
      return digits.count / 2
    }
    return sound
  }

  private static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
