/// Which partition a message goes to.
public enum Partitioner {
  /// The partition of `key` among `partitions`, as Java's default partitioner has it.
  public static func partition(key: UnsafeRawBufferPointer, partitions: Int) -> Int {
    Int(murmur2(key) & 0x7FFF_FFFF) % partitions
  }

  /// Murmur 2 with the seed that Kafka's clients use.
  ///
  /// Source: Austin Appleby, MurmurHash2; the seed and the reading of the tail are those of Apache
  /// Kafka's `Utils.murmur2`.
  public static func murmur2(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    let multiplier: UInt32 = 0x5BD1_E995
    var hash: UInt32 = 0x9747_B28C ^ UInt32(truncatingIfNeeded: bytes.count)
    let whole = bytes.count / 4 * 4
    for offset in stride(from: 0, to: whole, by: 4) {
      var word = UInt32(
        littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
      )
      word &*= multiplier
      word ^= word >> 24
      hash = (hash &* multiplier) ^ (word &* multiplier)
    }
    let rest = bytes.count - whole
    if rest >= 3 { hash ^= UInt32(bytes[whole + 2]) << 16 }
    if rest >= 2 { hash ^= UInt32(bytes[whole + 1]) << 8 }
    if rest >= 1 {
      hash ^= UInt32(bytes[whole])
      hash &*= multiplier
    }
    hash ^= hash >> 13
    hash &*= multiplier
    return hash ^ hash >> 15
  }
}
