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

extension UnsafeRawPointer {
  /// Where the first of `count` bytes, from `start` on, is that needs a look in a JSON string; `count`
  /// where none does.
  ///
  /// Quotes, backslashes, control characters and what is not ASCII need one.
  public func plainEnd(from start: Int, count: Int) -> Int {
    sluice_plain_end(assumingMemoryBound(to: UInt8.self), start, count)
  }
}

extension ByteBuffer {
  /// Appends `text` without the spaces that stand outside of double quotes.
  ///
  /// Returns false and appends nothing if a backslash, a control character or a byte that is not
  /// ASCII is in it, or a quote is not closed. `text` must not lie in this buffer.
  public mutating func append(withoutUnquotedSpaces text: UnsafeRawBufferPointer) -> Bool {
    guard let base = text.baseAddress else { return true }
    var isPlain = false
    append(upTo: text.count + 32) { room in
      guard let start = room.baseAddress else { return 0 }
      let written = sluice_drop_spaces(
        base.assumingMemoryBound(to: UInt8.self),
        text.count,
        start.assumingMemoryBound(to: UInt8.self)
      )
      isPlain = written >= 0
      return max(written, 0)
    }
    return isPlain
  }
}
