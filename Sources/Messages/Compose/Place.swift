internal import Text
internal import Rows

/// Where a message stands in its cluster: a hash of topic, partition and key.
///
/// Compaction keeps the last message of each place. The same in every run.
public struct Place: Hashable, Sendable {
  /// High half of the hash.
  public let high: UInt64
  /// Low half of the hash.
  public let low: UInt64

  /// Takes over the halves of a hash.
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }
}

/// Makes the places of messages; remembers a hash for each topic.
struct PlaceHasher {
  private var seeds: [UInt64] = []

  /// The place of a message; nil if it has no key: then nothing ever replaces it.
  mutating func place(
    of message: Envelope.Message,
    _ topics: Topics,
    _ bytes: borrowing ByteBuffer
  ) -> Place? {
    guard let key = message.key else { return nil }
    while seeds.count <= Int(message.topic) {
      var name = topics.names[seeds.count]
      seeds.append(name.withUTF8 { Hashing.hash128(UnsafeRawBufferPointer($0), seed: 0).low })
    }
    // An odd factor keeps the partitions of one topic apart.
    let partition = UInt64(UInt32(bitPattern: message.partition)) &* 0x9E37_79B9_7F4A_7C15
    let seed = seeds[Int(message.topic)] ^ partition
    let hash = Hashing.hash128(bytes.bytes(key), seed: seed)
    return Place(high: hash.high, low: hash.low)
  }
}
