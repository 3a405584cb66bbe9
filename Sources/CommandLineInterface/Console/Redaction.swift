import Settings

/// Takes secrets out of texts that others made: a driver's message may repeat a password.
struct Redaction: Sendable {
  /// Shorter ones would be found everywhere, and show nothing but their length.
  private static let lengthMin = 4
  private let secrets: [String]

  init(_ secrets: [Secret]) {
    // The longest first: one may be part of another.
    self.secrets = secrets.map(\.exposed).filter { $0.utf8.count >= Self.lengthMin }
      .sorted { $0.utf8.count > $1.utf8.count }
  }

  func apply(to text: String) -> String {
    var text = text
    for secret in secrets { text = replace(secret, in: text) }
    return text
  }

  private func replace(_ secret: String, in text: String) -> String {
    let bytes = Array(text.utf8)
    let wanted = Array(secret.utf8)
    guard bytes.count >= wanted.count else { return text }
    var result: [UInt8] = []
    var isFound = false
    var index = 0
    while index < bytes.count {
      let isHere =
        bytes[index] == wanted[0] && index + wanted.count <= bytes.count
        && bytes[index..<index + wanted.count].elementsEqual(wanted)
      if isHere {
        result += "***".utf8
        index += wanted.count
        isFound = true
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return isFound ? String(decoding: result, as: UTF8.self) : text
  }
}
