/// The hash of a row's primary key, as an ``Entry`` holds it.
public struct KeyHash: Sendable, Hashable {
  /// Low half of the hash.
  public let low: UInt64
  /// High half of the hash.
  public let high: UInt64

  /// The key of an entry's row.
  @inlinable public init(_ entry: Entry) {
    low = entry.keyLow
    high = entry.keyHigh
  }

  /// Reads what ``bytes`` wrote; nil if it does not have 16 bytes.
  public init?(bytes: UnsafeRawBufferPointer) {
    guard bytes.count == 16 else { return nil }
    low = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
    high = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
  }

  /// 16 bytes, little-endian.
  public var bytes: [UInt8] {
    [low, high].flatMap { half in withUnsafeBytes(of: half.littleEndian) { Array($0) } }
  }
}
