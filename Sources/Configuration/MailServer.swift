import Text

/// A mail server as a URL names it: `smtp://host`, `smtps://user:password@host:465`.
struct MailServer {
  let isImplicitTLS: Bool
  let host: String
  let port: Int
  var user: String?
  var password: String?

  /// Takes `text` apart; nil if it is not such a URL.
  init?(_ text: String) {
    guard let scheme = ["smtp://", "smtps://"].first(where: text.hasPrefix) else { return nil }
    isImplicitTLS = scheme == "smtps://"
    var rest = text.dropFirst(scheme.count)
    if rest.hasSuffix("/") { rest = rest.dropLast() }
    if let at = rest.lastIndex(of: "@") {
      let login = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard login.count == 2, let user = Self.decoded(login[0]), !user.isEmpty,
        let password = Self.decoded(login[1])
      else { return nil }
      self.user = user
      self.password = password
      rest = rest[rest.index(after: at)...]
    }
    let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
    guard let host = parts.first, !host.isEmpty, parts.count <= 2,
      host.utf8.allSatisfy({ byte in
        (48...57).contains(byte) || (65...90).contains(byte & 0xDF) || "-._".utf8.contains(byte)
      })
    else { return nil }
    self.host = String(host)
    if parts.count == 2 {
      guard let port = Int(parts[1]), (1...65_535).contains(port) else { return nil }
      self.port = port
    } else {
      port = isImplicitTLS ? 465 : 587
    }
  }

  /// Percent-encoding undone; nil if it is wrong.
  private static func decoded(_ text: Substring) -> String? {
    guard let bytes = PercentEncoding.decoded(text) else { return nil }
    let decoded = String(decoding: bytes, as: UTF8.self)
    return decoded.utf8.contains { $0 < 32 || $0 == 127 } ? nil : decoded
  }
}
