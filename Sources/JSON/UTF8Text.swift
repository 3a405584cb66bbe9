/// What scanner and writer know of bytes in strings.
public enum UTF8Text {
  /// How many bytes the character that begins `bytes` has, 0 if it is not UTF-8.
  ///
  /// The table of well-formed sequences of the Unicode standard (3.9, table 3-7).
  public static func sequenceLength(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard let lead = bytes.first else { return 0 }
    if lead < 0x80 { return 1 }
    guard bytes.count >= 2 else { return 0 }
    let second = bytes[1]
    switch lead {
    case 0xC2...0xDF:
      return isContinuation(second) ? 2 : 0
    case 0xE0...0xEF:
      guard bytes.count >= 3, isContinuation(second), isContinuation(bytes[2]) else { return 0 }
      if lead == 0xE0, second < 0xA0 { return 0 }
      return lead == 0xED && second > 0x9F ? 0 : 3
    case 0xF0...0xF4:
      guard bytes.count >= 4, isContinuation(second), isContinuation(bytes[2]),
        isContinuation(bytes[3])
      else { return 0 }
      if lead == 0xF0, second < 0x90 { return 0 }
      return lead == 0xF4 && second > 0x8F ? 0 : 4
    default:
      return 0
    }
  }

  private static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
}
