import Settings

/// Addresses that anybody can use who knows them: their path is as good as a password.
enum SecretURL {
  /// The URL at `node`; nil after reporting that it is none.
  ///
  /// What follows its host is hidden everywhere from now on. Unless what is sent there is not
  /// `isConfidential`, an address without TLS is warned of; one with a password always is.
  static func read(_ node: YAMLNode, isConfidential: Bool = true) -> Secret? {
    guard let text = node.string("a URL") else { return nil }
    let scheme = ["https://", "http://"].first(where: text.hasPrefix)
    guard let scheme, !text.utf8.contains(where: { $0 <= 32 || $0 == 127 }),
      text.dropFirst(scheme.count).first.map({ $0 != "/" }) ?? false
    else { return node.expected("a URL that begins with https://") }
    let rest = text.dropFirst(scheme.count)
    let host = rest.prefix { !"/?#".contains($0) }
    if !node.uses.isEmpty { node.source.report.keepSecret(text) }
    let path = String(rest.dropFirst(host.count))
    if path.utf8.count > 1 { node.source.report.keepSecret(path) }
    if let at = host.lastIndex(of: "@") { node.source.report.keepSecret(String(host[..<at])) }
    let name = host.suffix(from: host.lastIndex(of: "@").map(host.index(after:)) ?? host.startIndex)
      .prefix { $0 != ":" }
    let isHarmless = !isConfidential && !host.contains("@")
    if scheme == "http://", !isHarmless, name != "localhost", !name.hasPrefix("127.") {
      node.remark(.warning, "what is sent crosses the network in the clear")
    }
    return Secret(text)
  }
}
