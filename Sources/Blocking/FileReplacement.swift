public import Glibc

/// Replaces a file at once, so that nobody ever reads half of it.
public enum FileReplacement {
  /// Writes `bytes` in place of the file at `path`; returns why not, nil on success.
  ///
  /// If `path` is a symbolic link, the file that it leads to is replaced. With `mode` the file has
  /// that mode, and is made if there is none; without it the file has to be there, and keeps its own.
  public static func write(_ bytes: [UInt8], to path: String, mode: mode_t? = nil) -> String? {
    guard let target = resolved(path, mayBeMissing: mode != nil) else { return SystemError.text() }
    var status = stat()
    if stat(target, &status) == 0 {
      if status.st_mode & S_IFMT == S_IFDIR { return SystemError.text(EISDIR) }
    } else if mode == nil {
      return SystemError.text()
    }
    return replace(target, with: bytes, mode: mode ?? status.st_mode & 0o7777)
  }

  /// The path without symbolic links; nil, with `errno`, if it cannot be used.
  private static func resolved(_ path: String, mayBeMissing: Bool) -> String? {
    if let found = realpath(path, nil) {
      defer { free(found) }
      return String(cString: found)
    }
    return mayBeMissing && errno == ENOENT ? path : nil
  }

  private static func replace(_ target: String, with bytes: [UInt8], mode: mode_t) -> String? {
    var template = Array("\(target).XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { return SystemError.text() }
    let temporary = String(
      decoding: template.dropLast().map(UInt8.init(bitPattern:)),
      as: UTF8.self
    )
    let isWritten =
      SmallFile.write(bytes, to: descriptor) && fchmod(descriptor, mode) == 0
      && fsync(descriptor) == 0
    let failure = isWritten ? nil : SystemError.text()
    close(descriptor)
    if isWritten, rename(temporary, target) == 0 { return nil }
    let message = failure ?? SystemError.text()
    unlink(temporary)
    return message
  }
}
