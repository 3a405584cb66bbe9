import Glibc

/// A file or standard input as bytes.
struct InputText {
  /// Most bytes that are read.
  static let sizeMax = 256 << 20

  /// What it is called in messages.
  let name: String
  let bytes: [UInt8]

  /// Reads the file at `path`, or standard input for `-`; `name` is the path as it was typed.
  init(path: String, name: String) throws(CommandFailure) {
    let isStandardInput = name == "-"
    self.name = isStandardInput ? "standard input" : name
    let descriptor = isStandardInput ? 0 : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.failure(self.name, String(cString: strerror(errno))) }
    defer { if !isStandardInput { close(descriptor) } }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Self.failure(self.name, String(cString: strerror(errno))) }
      if count == 0 { break }
      bytes += chunk.prefix(count)
      guard bytes.count <= Self.sizeMax else {
        throw Self.failure(self.name, "it is larger than \(Self.sizeMax >> 20) MiB")
      }
    }
    // A byte order mark is not part of the text.
    self.bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
  }

  /// The text, which must be UTF-8.
  func text() throws(CommandFailure) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    throw Self.failure(name, "it is not UTF-8 text")
  }

  private static func failure(_ name: String, _ reason: String) -> CommandFailure {
    CommandFailure(.failed, "\(name) cannot be read: \(reason)")
  }
}
