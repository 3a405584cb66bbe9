import Text

/// Changing the case of text that is ASCII or Latin-1 letters, without asking Unicode's tables.
enum PlainCase {
  /// Appends `text` in the other case; returns false, with nothing appended, if that takes tables.
  ///
  /// Also false if a byte would have to be escaped in JSON.
  static func append(_ text: String, _ change: CaseChange, to output: inout ByteBuffer) -> Bool {
    if appendASCII(text, change, to: &output) { return true }
    return switch change {
    case .capitals: append(text, to: &output, first: raise, rest: raise)
    case .small: append(text, to: &output, first: lower, rest: lower)
    case .firstCapital: append(text, to: &output, first: raise, rest: lower)
    }
  }

  /// The same for text that is ASCII throughout, eight bytes at a time.
  private static func appendASCII(
    _ text: String,
    _ change: CaseChange,
    to output: inout ByteBuffer
  ) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      guard let source = UnsafeRawBufferPointer(bytes).baseAddress, !bytes.isEmpty else {
        return true
      }
      let start = output.count
      output.append(upTo: bytes.count) { room in
        guard let target = room.baseAddress else { return 0 }
        var position = 0
        while position < bytes.count {
          let length = min(8, bytes.count - position)
          // What is not read counts as letters, which need no look.
          var word: UInt64 = 0x6161_6161_6161_6161
          if length == 8 {
            word = (source + position).loadUnaligned(as: UInt64.self)
          } else {
            withUnsafeMutableBytes(of: &word) {
              $0.baseAddress?.copyMemory(from: source + position, byteCount: length)
            }
          }
          guard !needsLook(word) else { return 0 }
          var mapped = mapped(word, isRaised: change == .capitals)
          if length == 8 {
            (target + position).storeBytes(of: mapped, as: UInt64.self)
          } else {
            withUnsafeBytes(of: &mapped) {
              if let base = $0.baseAddress {
                (target + position).copyMemory(from: base, byteCount: length)
              }
            }
          }
          position += length
        }
        if change == .firstCapital, room[0] &- 0x61 < 26 { room[0] &-= 0x20 }
        return bytes.count
      }
      return output.count - start == bytes.count
    }
  }

  /// Whether a byte of `word` is not ASCII, or a quote, backslash or control character.
  @inline(__always) private static func needsLook(_ word: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quotes = word ^ (ones &* 0x22)
    let slashes = word ^ (ones &* 0x5C)
    let found = (word &- ones &* 0x20) | (quotes &- ones) | (slashes &- ones) | word
    return found & (ones &* 0x80) != 0
  }

  /// The other case of eight ASCII bytes: bit 5 of those that are letters is set or cleared.
  @inline(__always) private static func mapped(_ word: UInt64, isRaised: Bool) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let first: UInt64 = isRaised ? 0x61 : 0x41
    let fromFirst = word &+ ones &* (0x80 - first)
    let beyondLast = word &+ ones &* (0x80 - first - 26)
    let letters = (fromFirst ^ beyondLast) & (ones &* 0x80)
    return word ^ letters >> 2
  }

  /// A byte's other case, zero if that takes Unicode's tables.
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
