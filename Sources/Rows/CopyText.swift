public import Glibc
public import Text

/// The escapes of Postgres's `COPY` text format.
///
/// Source: Postgres 15 documentation, "COPY", "Text Format".
public enum CopyText {
  /// Appends `bytes` with backslash, tab, line feed and carriage return escaped.
  public static func escape(_ bytes: UnsafeRawBufferPointer, into output: inout ByteBuffer) {
    var start = 0
    for index in bytes.indices {
      guard let letter = letter(escaping: bytes[index]) else { continue }
      output.append(UnsafeRawBufferPointer(rebasing: bytes[start..<index]))
      output.append(UInt8(ascii: "\\"))
      output.append(letter)
      start = index + 1
    }
    output.append(UnsafeRawBufferPointer(rebasing: bytes[start...]))
  }

  /// Appends the bytes that pairs of hexadecimal digits write, escaped.
  public static func escape(
    hexadecimal digits: UnsafeRawBufferPointer,
    into output: inout ByteBuffer
  ) {
    for index in stride(from: 0, to: digits.count - 1, by: 2) {
      let byte = value(ofDigit: digits[index]) << 4 | value(ofDigit: digits[index + 1])
      if let letter = letter(escaping: byte) {
        output.append(UInt8(ascii: "\\"))
        output.append(letter)
      } else {
        output.append(byte)
      }
    }
  }

  private static func value(ofDigit digit: UInt8) -> UInt8 {
    digit <= UInt8(ascii: "9")
      ? digit &- UInt8(ascii: "0") : (digit | 0x20) &- UInt8(ascii: "a") &+ 10
  }

  /// Appends `field` without its escapes.
  public static func unescape(_ field: UnsafeRawBufferPointer, into output: inout ByteBuffer) {
    var rest = field
    while let end = firstEscape(in: rest) {
      output.append(UnsafeRawBufferPointer(rebasing: rest[..<end]))
      // A backslash before nothing is dropped.
      guard end + 1 < rest.count else { return }
      output.append(byte(escapedAs: rest[end + 1]))
      rest = UnsafeRawBufferPointer(rebasing: rest[(end + 2)...])
    }
    output.append(rest)
  }

  /// Where the first escape of `field` begins; nil if it has none, and so is its own value.
  @inlinable public static func firstEscape(in field: UnsafeRawBufferPointer) -> Int? {
    guard let base = field.baseAddress else { return nil }
    return memchr(base, Int32(UInt8(ascii: "\\")), field.count).map { UnsafeRawPointer($0) - base }
  }

  /// The byte that a backslash and `letter` stand for.
  @inlinable public static func byte(escapedAs letter: UInt8) -> UInt8 {
    switch letter {
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    case UInt8(ascii: "v"): 0x0B
    default: letter
    }
  }

  private static func letter(escaping byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "\\"): UInt8(ascii: "\\")
    case 0x09: UInt8(ascii: "t")
    case 0x0A: UInt8(ascii: "n")
    case 0x0D: UInt8(ascii: "r")
    default: nil
    }
  }
}
