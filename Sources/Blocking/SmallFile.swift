import Glibc

/// Files that are read whole.
public enum SmallFile {
  /// Reads a file; nil, with `errno`, if it cannot be read or holds more than `limit` bytes.
  public static func read(_ path: String, upTo limit: Int) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    while bytes.count <= limit {
      let chunk = [UInt8](unsafeUninitializedCapacity: 16384) { buffer, count in
        count = max(Glibc.read(file, buffer.baseAddress, buffer.count), 0)
      }
      if chunk.isEmpty { return bytes }
      bytes += chunk
    }
    errno = EFBIG
    return nil
  }
}
