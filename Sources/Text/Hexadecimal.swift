/// Hexadecimal digits, two a byte.
public enum Hexadecimal {
  /// The ASCII digit of `value`, which is below 16.
  @inlinable public static func digit(_ value: UInt8, isUpper: Bool = false) -> UInt8 {
    value < 10 ? 0x30 + value : (isUpper ? 0x41 : 0x61) + value - 10
  }

  /// The value of an ASCII digit of either case; nil for every other byte.
  @inlinable public static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  /// Two lower-case digits for each byte.
  public static func text(_ bytes: some Sequence<UInt8>) -> String {
    var digits: [UInt8] = []
    for byte in bytes {
      digits.append(digit(byte >> 4))
      digits.append(digit(byte & 15))
    }
    return String(decoding: digits, as: UTF8.self)
  }

  /// All digits of a number in lower case, with leading zeros.
  public static func text(_ number: some FixedWidthInteger & UnsignedInteger) -> String {
    let digits = String(number, radix: 16)
    let width = number.bitWidth / 4
    return String(repeating: "0", count: width - digits.count) + digits
  }

  /// The bytes that pairs of digits write; nil if there is another byte or half a pair.
  public static func bytes(of digits: [UInt8]) -> [UInt8]? {
    var buffer = ByteBuffer(capacity: digits.count / 2)
    guard digits.withUnsafeBytes({ decode($0, into: &buffer) }) else { return nil }
    return Array(buffer.bytes)
  }

  /// Appends two lower-case digits for each byte.
  public static func append(_ bytes: UnsafeRawBufferPointer, to output: inout ByteBuffer) {
    output.append(upTo: bytes.count * 2) { room in
      for (index, byte) in bytes.enumerated() {
        room[index * 2] = digit(byte >> 4)
        room[index * 2 + 1] = digit(byte & 15)
      }
      return bytes.count * 2
    }
  }

  /// Appends the bytes that pairs of digits write.
  ///
  /// Returns false, and appends nothing, if there is another byte or half a pair.
  public static func decode(
    _ digits: UnsafeRawBufferPointer,
    into output: inout ByteBuffer
  ) -> Bool {
    guard digits.count % 2 == 0 else { return false }
    var isSound = true
    output.append(upTo: digits.count / 2) { room in
      for index in 0..<(digits.count / 2) {
        guard let high = value(digits[index * 2]), let low = value(digits[index * 2 + 1])
        else {
          isSound = false
          return 0
        }
        room[index] = high << 4 | low
      }
      return digits.count / 2
    }
    return isSound
  }
}
