extension UnsafeMutableRawPointer {
  /// Copies `count` bytes, which must not overlap with where they go.
  ///
  /// Up to 32 are copied in two pieces that may overlap each other, which costs less than a call.
  @inlinable @inline(__always)
  public func copyBytes(from source: UnsafeRawPointer, count: Int) {
    if count > 32 {
      copyMemory(from: source, byteCount: count)
    } else if count >= 16 {
      copyEnds(SIMD16<UInt8>.self, from: source, count: count)
    } else if count >= 8 {
      copyEnds(UInt64.self, from: source, count: count)
    } else if count >= 4 {
      copyEnds(UInt32.self, from: source, count: count)
    } else if count >= 2 {
      copyEnds(UInt16.self, from: source, count: count)
    } else if count == 1 {
      storeBytes(of: source.load(as: UInt8.self), as: UInt8.self)
    }
  }

  /// Copies the first and the last bytes of `count`, as many as a `Piece` has.
  @inlinable @inline(__always)
  func copyEnds<Piece: BitwiseCopyable>(
    _: Piece.Type,
    from source: UnsafeRawPointer,
    count: Int
  ) {
    let last = count - MemoryLayout<Piece>.size
    let first = source.loadUnaligned(as: Piece.self)
    let second = source.loadUnaligned(fromByteOffset: last, as: Piece.self)
    storeBytes(of: first, as: Piece.self)
    storeBytes(of: second, toByteOffset: last, as: Piece.self)
  }
}
