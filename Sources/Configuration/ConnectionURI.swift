import Text

/// Takes a connection URI apart, without its scheme.
struct ConnectionURI {
  typealias Failure = ConnectionString.Failure
  typealias Parameter = ConnectionString.Parameter

  private let authority: Substring
  private let path: Substring?
  private let query: Substring?

  /// Splits `rest` as libpq does: the authority ends at the first `/` or `?`.
  init(_ rest: Substring) {
    let head = rest.prefix { $0 != "?" }
    query = head.endIndex < rest.endIndex ? rest[rest.index(after: head.endIndex)...] : nil
    authority = head.prefix { $0 != "/" }
    path =
      authority.endIndex < head.endIndex ? head[head.index(after: authority.endIndex)...] : nil
  }

  func parameters() throws(Failure) -> [Parameter] {
    try refuseOpenPassword()
    if [authority, path ?? "", query ?? ""].contains(where: { $0.contains(where: \.isWhitespace) })
    {
      throw Failure(
        message: "the url has a blank or a line break in it",
        hint: "remove it if it is at the end; a blank in a password or a name is written as %20"
      )
    }
    var result: [Parameter] = []
    var hosts = authority
    if let at = authority.firstIndex(of: "@") {
      hosts = authority[authority.index(after: at)...]
      try readUser(authority[..<at], into: &result)
    }
    try readHosts(hosts, into: &result)
    if let path, !path.isEmpty {
      result.append(("dbname", try Self.decoded(path, "the database's name")))
    }
    if let query { try readQuery(query, into: &result) }
    return result
  }

  /// An `@` where none can be comes of a password that was not encoded.
  private func refuseOpenPassword() throws(Failure) {
    let isOpen =
      authority.filter { $0 == "@" }.count > 1 || (path ?? "").contains("@")
      || (query ?? "").contains("@") && !authority.contains("@") && !beginsWithKeyword
    guard isOpen else { return }
    throw Failure(
      message: "the url has an '@' that is not percent-encoded, so where the password ends is "
        + "not clear",
      hint: ConnectionString.encodeHint
    )
  }

  private var beginsWithKeyword: Bool {
    let name = (query ?? "").prefix { $0 != "=" && $0 != "&" }
    return PostgresKeywords.all.contains(String(name))
  }

  private func readUser(_ text: Substring, into result: inout [Parameter]) throws(Failure) {
    let user = text.prefix { $0 != ":" }
    if !user.isEmpty { result.append(("user", try Self.decoded(user, "the user"))) }
    guard user.endIndex < text.endIndex else { return }
    let password = text[text.index(after: user.endIndex)...]
    if !password.isEmpty {
      result.append(("password", try Self.decoded(password, "the password")))
    }
  }

  private func readHosts(_ text: Substring, into result: inout [Parameter]) throws(Failure) {
    if text.isEmpty { return }
    var hosts: [String] = []
    var ports: [String] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let (host, port) = try Self.split(part)
      hosts.append(try Self.decoded(host, "the host"))
      ports.append(String(port))
    }
    result.append(try ConnectionParameter.checked("host", hosts.joined(separator: ",")))
    if ports.contains(where: { !$0.isEmpty }) {
      result.append(try ConnectionParameter.checked("port", ports.joined(separator: ",")))
    }
  }

  private static func split(_ part: Substring) throws(Failure) -> (Substring, Substring) {
    guard part.hasPrefix("[") else {
      let host = part.prefix { $0 != ":" }
      let rest = part[host.endIndex...]
      return (host, rest.dropFirst())
    }
    guard let end = part.firstIndex(of: "]") else {
      throw Failure(message: "the url has a '[' without the ']' that ends an IPv6 address")
    }
    let rest = part[part.index(after: end)...]
    guard rest.isEmpty || rest.hasPrefix(":") else {
      throw Failure(
        message: "after the ']' of an IPv6 address only ':' and a port may follow"
      )
    }
    return (part[part.index(after: part.startIndex)..<end], rest.dropFirst())
  }

  private func readQuery(_ query: Substring, into result: inout [Parameter]) throws(Failure) {
    for part in query.split(separator: "&") {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2 else {
        throw Failure(
          message: "a parameter after the '?' of the url has no '='",
          hint: ConnectionString.encodeHint
        )
      }
      let name = try Self.decoded(sides[0], "a parameter's name")
      let value = try Self.decoded(sides[1], "a parameter's value")
      result.append(try ConnectionParameter.checked(name, value, isInURI: true))
    }
  }

  private static func decoded(_ text: Substring, _ what: String) throws(Failure) -> String {
    guard let bytes = PercentEncoding.decoded(text), !bytes.contains(0) else {
      throw Failure(
        message: "a '%' in \(what) of the url is not followed by two hexadecimal digits",
        hint: ConnectionString.encodeHint
      )
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
