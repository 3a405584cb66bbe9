/// Blocks of 64 bytes with the length behind them, as MD5, SHA-1 and SHA-256 want their message.
enum DigestBlocks {
  static func padded(_ message: [UInt8], isBigEndian: Bool) -> [UInt8] {
    var padded = message
    padded.append(0x80)
    while padded.count % 64 != 56 { padded.append(0) }
    let bits = UInt64(message.count) &* 8
    for index in 0..<8 {
      let shift = UInt64(isBigEndian ? 56 - 8 * index : 8 * index)
      padded.append(UInt8(truncatingIfNeeded: bits >> shift))
    }
    return padded
  }

  static func bigEndianWord(_ bytes: [UInt8], _ start: Int) -> UInt32 {
    UInt32(bytes[start]) << 24 | UInt32(bytes[start + 1]) << 16 | UInt32(bytes[start + 2]) << 8
      | UInt32(bytes[start + 3])
  }

  static func bigEndianBytes(_ words: [UInt32]) -> [UInt8] {
    words.flatMap { word in
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
    }
  }

  @inline(__always) static func rotatedLeft(_ word: UInt32, _ count: UInt32) -> UInt32 {
    word << count | word >> (32 - count)
  }
}
