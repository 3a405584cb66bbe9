internal import Text
internal import CZstd

/// Compresses and expands records with one pair of contexts.
final class Zstandard {
  private let compression = ZSTD_createCCtx()
  private let expansion = ZSTD_createDCtx()
  private var output = ByteBuffer(capacity: 1 << 16)

  init() {
    // Level 1 is faster than the disk. It looks for matches of seven bytes; with six the fields of a
    // column, which are often that short, take a quarter less.
    ZSTD_CCtx_setParameter(compression, ZSTD_c_compressionLevel, 1)
    ZSTD_CCtx_setParameter(compression, ZSTD_c_minMatch, 6)
    // The bytes of a frame stay where they are: they need not be copied first.
    ZSTD_CCtx_setParameter(compression, sluice_stable_input, 1)
  }

  deinit {
    ZSTD_freeCCtx(compression)
    ZSTD_freeDCtx(expansion)
  }

  /// The most bytes that share one table of codes.
  static let blockByteCountMax = 128 << 10

  /// Calls `body` with `bytes` compressed into one frame; nil where memory ran out.
  ///
  /// A block ends at each of `breaks`, offsets in order: what is of two kinds need not share codes.
  func compress<Result>(
    _ bytes: UnsafeRawBufferPointer,
    breaks: [Int] = [],
    _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result? {
    output.removeAll(keepingUpTo: 8 << 20)
    var failed = false
    // Each block has a head of three bytes.
    output.append(upTo: ZSTD_compressBound(bytes.count) + 3 * breaks.count) { room in
      let count = frame(bytes, breaks: breaks, in: room)
      failed = count == nil
      return count ?? 0
    }
    return failed ? nil : body(output.bytes)
  }

  private func frame(
    _ bytes: UnsafeRawBufferPointer,
    breaks: [Int],
    in room: UnsafeMutableRawBufferPointer
  ) -> Int? {
    ZSTD_CCtx_reset(compression, ZSTD_reset_session_only)
    ZSTD_CCtx_setPledgedSrcSize(compression, UInt64(bytes.count))
    var output = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
    var input = ZSTD_inBuffer(src: bytes.baseAddress, size: 0, pos: 0)
    for end in breaks + [bytes.count] {
      input.size = end
      let directive = end == bytes.count ? ZSTD_e_end : ZSTD_e_flush
      // There is room for all of it, so one call is enough.
      guard ZSTD_compressStream2(compression, &output, &input, directive) == 0 else { return nil }
    }
    return output.pos
  }

  /// Appends what `frame` expands to; false if it is not a sound frame.
  func expand(_ frame: UnsafeRawBufferPointer, into output: inout ByteBuffer) -> Bool {
    let size = ZSTD_getFrameContentSize(frame.baseAddress, frame.count)
    // Unknown sizes and errors are the two greatest numbers; a segment never comes near 8 GiB.
    guard size < 8 << 30 else { return false }
    var sound = true
    output.append(upTo: Int(size)) { room in
      let count = ZSTD_decompressDCtx(
        expansion,
        room.baseAddress,
        room.count,
        frame.baseAddress,
        frame.count
      )
      sound = ZSTD_isError(count) == 0 && count == Int(size)
      return sound ? count : 0
    }
    return sound
  }
}
