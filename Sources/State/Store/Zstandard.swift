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
  }

  deinit {
    ZSTD_freeCCtx(compression)
    ZSTD_freeDCtx(expansion)
  }

  /// Calls `body` with `bytes` compressed into one frame; nil where memory ran out.
  func compress<Result>(
    _ bytes: UnsafeRawBufferPointer,
    _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result? {
    output.removeAll(keepingUpTo: 8 << 20)
    var failed = false
    output.append(upTo: ZSTD_compressBound(bytes.count)) { room in
      let count = ZSTD_compress2(
        compression,
        room.baseAddress,
        room.count,
        bytes.baseAddress,
        bytes.count
      )
      failed = ZSTD_isError(count) != 0
      return failed ? 0 : count
    }
    return failed ? nil : body(output.bytes)
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
