import Blocking
import Glibc

/// Replaces a file at once.
enum FileReplacement {
  /// Writes `bytes` in place of the file at `path`; returns why not, nil on success.
  ///
  /// Mode and, behind a symbolic link, place of the file stay.
  static func write(_ bytes: [UInt8], to path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return SystemError.text() }
    defer { free(resolved) }
    let target = String(cString: resolved)
    var status = stat()
    guard stat(target, &status) == 0 else { return SystemError.text() }
    var template = Array("\(target).XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { return SystemError.text() }
    let temporary = String(
      decoding: template.dropLast().map(UInt8.init(bitPattern:)),
      as: UTF8.self
    )
    let isWritten =
      SmallFile.write(bytes, to: descriptor) && fchmod(descriptor, status.st_mode & 0o7777) == 0
      && fsync(descriptor) == 0
    let failure = isWritten ? nil : SystemError.text()
    close(descriptor)
    if isWritten, rename(temporary, target) == 0 { return nil }
    let message = failure ?? SystemError.text()
    unlink(temporary)
    return message
  }
}
