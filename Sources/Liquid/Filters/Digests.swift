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

/// SHA-256 (FIPS 180-4).
enum SHA256 {
  /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
  private static let constants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
    0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
    0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
    0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
    0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
    0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
    0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
    0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
    0xc671_78f2,
  ]

  static func digest(_ message: [UInt8]) -> [UInt8] {
    var hash: [UInt32] = [
      0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
      0x5be0_cd19,
    ]
    let padded = DigestBlocks.padded(message, isBigEndian: true)
    var schedule = [UInt32](repeating: 0, count: 64)
    for block in stride(from: 0, to: padded.count, by: 64) {
      for index in 0..<16 {
        schedule[index] = DigestBlocks.bigEndianWord(padded, block + index * 4)
      }
      for index in 16..<64 {
        schedule[index] =
          schedule[index - 16] &+ small(schedule[index - 15], 7, 18, 3) &+ schedule[index - 7]
          &+ small(schedule[index - 2], 17, 19, 10)
      }
      compress(&hash, schedule)
    }
    return DigestBlocks.bigEndianBytes(hash)
  }

  private static func compress(_ hash: inout [UInt32], _ schedule: [UInt32]) {
    var (a, b, c, d) = (hash[0], hash[1], hash[2], hash[3])
    var (e, f, g, h) = (hash[4], hash[5], hash[6], hash[7])
    for index in 0..<64 {
      let choice = (e & f) ^ (~e & g)
      let first = h &+ big(e, 6, 11, 25) &+ choice &+ constants[index] &+ schedule[index]
      let majority = (a & b) ^ (a & c) ^ (b & c)
      let second = big(a, 2, 13, 22) &+ majority
      (h, g, f, e) = (g, f, e, d &+ first)
      (d, c, b, a) = (c, b, a, first &+ second)
    }
    for (index, word) in [a, b, c, d, e, f, g, h].enumerated() { hash[index] &+= word }
  }

  private static func big(_ x: UInt32, _ a: UInt32, _ b: UInt32, _ c: UInt32) -> UInt32 {
    DigestBlocks.rotatedLeft(x, 32 - a) ^ DigestBlocks.rotatedLeft(x, 32 - b)
      ^ DigestBlocks.rotatedLeft(x, 32 - c)
  }

  private static func small(_ x: UInt32, _ a: UInt32, _ b: UInt32, _ c: UInt32) -> UInt32 {
    DigestBlocks.rotatedLeft(x, 32 - a) ^ DigestBlocks.rotatedLeft(x, 32 - b) ^ x >> c
  }
}

/// SHA-1 (FIPS 180-4).
enum SHA1 {
  static func digest(_ message: [UInt8]) -> [UInt8] {
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

/// MD5 (RFC 1321).
enum MD5 {
  private static let shifts: [UInt32] = [
    7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21,
  ]

  /// ⌊2³² · |sin(i + 1)|⌋.
  private static let constants: [UInt32] = [
    0xd76a_a478, 0xe8c7_b756, 0x2420_70db, 0xc1bd_ceee, 0xf57c_0faf, 0x4787_c62a, 0xa830_4613,
    0xfd46_9501, 0x6980_98d8, 0x8b44_f7af, 0xffff_5bb1, 0x895c_d7be, 0x6b90_1122, 0xfd98_7193,
    0xa679_438e, 0x49b4_0821, 0xf61e_2562, 0xc040_b340, 0x265e_5a51, 0xe9b6_c7aa, 0xd62f_105d,
    0x0244_1453, 0xd8a1_e681, 0xe7d3_fbc8, 0x21e1_cde6, 0xc337_07d6, 0xf4d5_0d87, 0x455a_14ed,
    0xa9e3_e905, 0xfcef_a3f8, 0x676f_02d9, 0x8d2a_4c8a, 0xfffa_3942, 0x8771_f681, 0x6d9d_6122,
    0xfde5_380c, 0xa4be_ea44, 0x4bde_cfa9, 0xf6bb_4b60, 0xbebf_bc70, 0x289b_7ec6, 0xeaa1_27fa,
    0xd4ef_3085, 0x0488_1d05, 0xd9d4_d039, 0xe6db_99e5, 0x1fa2_7cf8, 0xc4ac_5665, 0xf429_2244,
    0x432a_ff97, 0xab94_23a7, 0xfc93_a039, 0x655b_59c3, 0x8f0c_cc92, 0xffef_f47d, 0x8584_5dd1,
    0x6fa8_7e4f, 0xfe2c_e6e0, 0xa301_4314, 0x4e08_11a1, 0xf753_7e82, 0xbd3a_f235, 0x2ad7_d2bb,
    0xeb86_d391,
  ]

  static func digest(_ message: [UInt8]) -> [UInt8] {
    var (a0, b0, c0, d0): (UInt32, UInt32, UInt32, UInt32) = (
      0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476
    )
    let padded = DigestBlocks.padded(message, isBigEndian: false)
    for block in stride(from: 0, to: padded.count, by: 64) {
      var (a, b, c, d) = (a0, b0, c0, d0)
      for index in 0..<64 {
        let (mix, word): (UInt32, Int) =
          switch index / 16 {
          case 0: ((b & c) | (~b & d), index)
          case 1: ((d & b) | (~d & c), (5 * index + 1) % 16)
          case 2: (b ^ c ^ d, (3 * index + 5) % 16)
          default: (c ^ (b | ~d), (7 * index) % 16)
          }
        let part = DigestBlocks.bigEndianWord(padded, block + word * 4).byteSwapped
        let sum = a &+ mix &+ constants[index] &+ part
        (a, d, c) = (d, c, b)
        b = b &+ DigestBlocks.rotatedLeft(sum, shifts[index / 16 * 4 + index % 4])
      }
      (a0, b0, c0, d0) = (a0 &+ a, b0 &+ b, c0 &+ c, d0 &+ d)
    }
    return DigestBlocks.bigEndianBytes([a0, b0, c0, d0].map(\.byteSwapped))
  }
}

/// HMAC (RFC 2104) over a digest with blocks of 64 bytes.
enum HMAC {
  static func code(
    _ message: [UInt8],
    key: [UInt8],
    _ digest: ([UInt8]) -> [UInt8]
  ) -> [UInt8] {
    var block = key.count > 64 ? digest(key) : key
    block.append(contentsOf: repeatElement(0, count: 64 - block.count))
    let inner = digest(block.map { $0 ^ 0x36 } + message)
    return digest(block.map { $0 ^ 0x5C } + inner)
  }
}

/// Name-based UUIDs by SHA-1 (RFC 9562, 5.5).
enum UUIDV5 {
  /// The namespaces of RFC 9562, 6.6, by name.
  private static let namespaces = [
    "dns": "6ba7b8109dad11d180b400c04fd430c8", "url": "6ba7b8119dad11d180b400c04fd430c8",
    "oid": "6ba7b8129dad11d180b400c04fd430c8", "x500": "6ba7b8149dad11d180b400c04fd430c8",
  ]

  static func text(_ name: [UInt8], namespace: String) throws(Fault) -> String {
    let digits = Array((namespaces[namespace] ?? namespace).utf8.filter { $0 != 0x2D })
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count - 1, by: 2) {
      guard let high = Hexadecimal.value(digits[index]),
        let low = Hexadecimal.value(digits[index + 1])
      else { break }
      bytes.append(high << 4 | low)
    }
    guard digits.count == 32, bytes.count == 16 else {
      throw .argument("uuid_v5 wants a UUID, or dns, url, oid or x500, as its namespace")
    }
    var uuid = Array(SHA1.digest(bytes + name).prefix(16))
    uuid[6] = uuid[6] & 0x0F | 0x50
    uuid[8] = uuid[8] & 0x3F | 0x80
    var text = ""
    for (index, part) in [uuid[..<4], uuid[4..<6], uuid[6..<8], uuid[8..<10], uuid[10...]]
      .enumerated()
    {
      text += (index > 0 ? "-" : "") + Hexadecimal.text(Array(part))
    }
    return text
  }
}
