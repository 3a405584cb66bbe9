internal import CProcess

/// How this process gets its memory.
public enum ProcessMemory {
  /// Gives each buffer of `byteCount` bytes and more pages of its own, which the system has back as
  /// soon as it is freed.
  ///
  /// Otherwise malloc keeps buffers of up to 32 MiB in its arenas, one for each of several threads,
  /// where whatever else is allocated meanwhile lies between them. Does nothing where malloc has no
  /// such setting.
  public static func returnBuffers(from byteCount: Int) {
    sluice_return_buffers(byteCount)
  }
}
