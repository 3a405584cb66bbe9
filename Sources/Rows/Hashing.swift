internal import CXXHash

/// XXH3, for what needs a fast hash and not a cryptographic one.
public enum Hashing {
  /// 128 bits of `bytes`.
  public static func hash128(
    _ bytes: UnsafeRawBufferPointer,
    seed: UInt64
  ) -> (high: UInt64, low: UInt64) {
    let hash = sluice_hash128(bytes.baseAddress, bytes.count, seed)
    return (hash.high, hash.low)
  }
}
