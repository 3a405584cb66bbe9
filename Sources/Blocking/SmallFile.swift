import Glibc

/// Files that are read or written whole.
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

  /// Writes all of `bytes` to `descriptor`; false, with `errno`, if that does not take them.
  public static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}
