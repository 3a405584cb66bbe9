import Glibc

/// Replaces a file at once.
enum FileReplacement {
  /// Writes `bytes` in place of the file at `path`; returns why not, nil on success.
  ///
  /// Mode and, behind a symbolic link, place of the file stay.
  static func write(_ bytes: [UInt8], to path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return reason() }
    defer { free(resolved) }
    let target = String(cString: resolved)
    var status = stat()
    guard stat(target, &status) == 0 else { return reason() }
    var template = Array("\(target).XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { return reason() }
    let temporary = String(
      decoding: template.dropLast().map(UInt8.init(bitPattern:)),
      as: UTF8.self
    )
    let isWritten =
      writeAll(bytes, to: descriptor) && fchmod(descriptor, status.st_mode & 0o7777) == 0
      && fsync(descriptor) == 0
    let failure = isWritten ? nil : reason()
    close(descriptor)
    if isWritten, rename(temporary, target) == 0 { return nil }
    let message = failure ?? reason()
    unlink(temporary)
    return message
  }

  private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  private static func reason() -> String { String(cString: strerror(errno)) }
}
