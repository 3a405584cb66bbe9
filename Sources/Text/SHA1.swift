/// SHA-1 (FIPS 180-4).
public enum SHA1 {
  /// The digest of `message`, in bytes; time and memory grow with its length.
  public static func digest(_ message: [UInt8]) -> [UInt8] {
    var hash: [UInt32] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0]
    let padded = DigestBlocks.padded(message, isBigEndian: true)
    var schedule = [UInt32](repeating: 0, count: 80)
    for block in stride(from: 0, to: padded.count, by: 64) {
      for index in 0..<16 {
        schedule[index] = DigestBlocks.bigEndianWord(padded, block + index * 4)
      }
      for index in 16..<80 {
        schedule[index] = DigestBlocks.rotatedLeft(
          schedule[index - 3] ^ schedule[index - 8] ^ schedule[index - 14] ^ schedule[index - 16],
          1
        )
      }
      compress(&hash, schedule)
    }
    return DigestBlocks.bigEndianBytes(hash)
  }

  private static func compress(_ hash: inout [UInt32], _ schedule: [UInt32]) {
    var (a, b, c, d, e) = (hash[0], hash[1], hash[2], hash[3], hash[4])
    for index in 0..<80 {
      let (mix, constant): (UInt32, UInt32) =
        switch index {
        case ..<20: ((b & c) | (~b & d), 0x5a82_7999)
        case ..<40: (b ^ c ^ d, 0x6ed9_eba1)
        case ..<60: ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc)
        default: (b ^ c ^ d, 0xca62_c1d6)
        }
      let next = DigestBlocks.rotatedLeft(a, 5) &+ mix &+ e &+ constant &+ schedule[index]
      (e, d, c, b, a) = (d, c, DigestBlocks.rotatedLeft(b, 30), a, next)
    }
    for (index, word) in [a, b, c, d, e].enumerated() { hash[index] &+= word }
  }
}
