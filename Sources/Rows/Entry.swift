/// What the diff knows of one row: 24 bytes, in memory as in the state file (little-endian).
public struct Entry: Sendable, Hashable {
  /// Low half of the 128-bit hash of the key.
  public var keyLow: UInt64
  /// High half of the 128-bit hash of the key.
  public var keyHigh: UInt64
  /// 64-bit hash of the columns that count.
  public var fingerprint: UInt64

  /// Creates an entry.
  @inlinable public init(keyLow: UInt64, keyHigh: UInt64, fingerprint: UInt64) {
    self.keyLow = keyLow
    self.keyHigh = keyHigh
    self.fingerprint = fingerprint
  }

  /// Whether both are entries of one row.
  @inlinable public func hasKey(of other: Entry) -> Bool {
    keyLow == other.keyLow && keyHigh == other.keyHigh
  }
}
