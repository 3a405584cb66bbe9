import Bytes

/// Changing the case of text that is ASCII or Latin-1 letters, without asking Unicode's tables.
enum PlainCase {
  /// Appends `text` in the other case; false, with nothing appended, where that takes tables.
  ///
  /// Also false where a byte would have to be escaped in JSON.
  static func append(_ text: String, _ change: CaseChange, to output: inout ByteBuffer) -> Bool {
    switch change {
    case .capitals: append(text, to: &output, first: raise, rest: raise)
    case .small: append(text, to: &output, first: lower, rest: lower)
    case .firstCapital: append(text, to: &output, first: raise, rest: lower)
    }
  }

  /// A byte's other case, zero where that takes Unicode's tables.
  ///
  /// `lead` is the byte before it.
  @inline(__always) private static func lower(_ byte: UInt8, _ lead: UInt8) -> UInt8 {
    if byte < 0x80 { return byte &- 0x41 < 26 ? byte | 0x20 : byte }
    guard lead == 0xC3 else { return byte == 0xC3 ? byte : 0 }
    return byte <= 0x9E && byte != 0x97 ? byte &+ 0x20 : byte
  }

  @inline(__always) private static func raise(_ byte: UInt8, _ lead: UInt8) -> UInt8 {
    if byte < 0x80 { return byte &- 0x61 < 26 ? byte & 0xDF : byte }
    guard lead == 0xC3 else { return byte == 0xC3 ? byte : 0 }
    // ß has two capitals, and the capital of ÿ is elsewhere.
    if byte == 0x9F || byte == 0xBF { return 0 }
    return byte >= 0xA0 && byte != 0xB7 ? byte &- 0x20 : byte
  }

  @inline(__always) private static func append(
    _ text: String,
    to output: inout ByteBuffer,
    first: (UInt8, UInt8) -> UInt8,
    rest: (UInt8, UInt8) -> UInt8
  ) -> Bool {
    var isPlain = true
    var text = text
    text.withUTF8 { bytes in
      output.append(upTo: bytes.count) { room in
        var lead: UInt8 = 0
        // A character of two bytes is first with both.
        let firstCount = bytes.first == 0xC3 ? 2 : 1
        for index in bytes.indices {
          let byte = bytes[index]
          let mapped = index < firstCount ? first(byte, lead) : rest(byte, lead)
          if mapped < 0x20 || byte == 0x22 || byte == 0x5C {
            isPlain = false
            return 0
          }
          room[index] = mapped
          lead = byte
        }
        return bytes.count
      }
    }
    return isPlain
  }
}
