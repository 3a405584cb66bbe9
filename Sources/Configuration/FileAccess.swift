import Glibc

/// Reads files and folders.
enum FileAccess {
  /// Why a file could not be read.
  struct Failure: Error {
    let reason: String
    /// The line and column of invalid UTF-8.
    var line: Int?
    var column: Int?
    var isMissing = false

    static var system: Failure {
      let code = errno
      return Failure(reason: String(cString: strerror(code)), isMissing: code == ENOENT)
    }
  }

  /// `path` itself when it is absolute, else below `directory`.
  static func path(_ path: String, from directory: String) -> String {
    if path.hasPrefix("/") { return path }
    var path = Substring(path)
    while path.hasPrefix("./") { path = path.dropFirst(2) }
    if path.isEmpty || path == "." { return directory }
    return directory.hasSuffix("/") ? directory + path : "\(directory)/\(path)"
  }

  /// `path` relative to `directory` where it lies inside; without `.` and doubled slashes.
  static func shown(_ path: String, in directory: String) -> String {
    let isAbsolute = path.hasPrefix("/")
    let parts = path.split(separator: "/").filter { $0 != "." }
    let base = directory.split(separator: "/").filter { $0 != "." }
    if isAbsolute, parts.count > base.count, parts.starts(with: base) {
      return parts.dropFirst(base.count).joined(separator: "/")
    }
    return (isAbsolute ? "/" : "") + parts.joined(separator: "/")
  }

  static func exists(_ path: String) -> Bool {
    access(path, F_OK) == 0
  }

  static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Names in a folder, sorted by their bytes, without `.` and `..`; nil when there is none.
  static func names(in directory: String) -> Result<[String], Failure> {
    guard let stream = opendir(directory) else { return .failure(.system) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return .success(names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
  }

  /// The text of a regular file of at most `sizeMax` bytes.
  static func text(at path: String, sizeMax: Int) -> Result<String, Failure> {
    bytes(at: path, sizeMax: sizeMax).flatMap { bytes in
      if let text = String(validating: bytes, as: UTF8.self) { return .success(text) }
      return .failure(invalid(bytes))
    }
  }

  private static func bytes(at path: String, sizeMax: Int) -> Result<[UInt8], Failure> {
    // Without O_NONBLOCK opening a named pipe would wait for its writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return .failure(.system) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return .failure(.system) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      return .failure(Failure(reason: isFolder ? "it is a folder" : "it is not a regular file"))
    }
    let tooLarge = Failure(reason: "it is larger than \(sizeMax >> 10) KiB")
    guard status.st_size <= sizeMax else { return .failure(tooLarge) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while bytes.count <= sizeMax {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return .failure(.system) }
      if count == 0 { return .success(bytes) }
      bytes += chunk.prefix(count)
    }
    return .failure(tooLarge)
  }

  private static func invalid(_ bytes: [UInt8]) -> Failure {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      return Failure(reason: "it is UTF-16; save it as UTF-8", line: 1, column: 1)
    }
    var line = 1
    for part in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if String(validating: part, as: UTF8.self) == nil {
        let column = String(decoding: part, as: UTF8.self).unicodeScalars
          .prefix { $0 != "\u{FFFD}" }.count
        return Failure(reason: "it is not UTF-8 text", line: line, column: column + 1)
      }
      line += 1
    }
    return Failure(reason: "it is not UTF-8 text", line: 1, column: 1)
  }
}
