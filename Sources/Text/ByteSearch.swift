internal import CByteSearch

extension UnsafeRawBufferPointer {
  /// Writes the offsets of the bytes that are `first` or `second` to `offsets`, those of the first
  /// `limit`, and returns how many it wrote.
  ///
  /// For bytes that stand close together, as the ends of fields do: one pass over all costs less than
  /// a call of `memchr` for each.
  public func findBytes(
    _ first: UInt8,
    or second: UInt8,
    into offsets: UnsafeMutablePointer<Int>,
    limit: Int
  ) -> Int {
    guard let base = baseAddress else { return 0 }
    return sluice_find_bytes(
      base.assumingMemoryBound(to: UInt8.self),
      count,
      first,
      second,
      offsets,
      limit
    )
  }
}
