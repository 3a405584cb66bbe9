import Settings

/// Reads `sasl:`.
struct LoginReader {
  /// The mechanisms by the names that the configuration gives them.
  enum Mechanism: String, CaseIterable {
    case plain
    case scram256 = "scram-sha-256"
    case scram512 = "scram-sha-512"
    case oauthBearer = "oauthbearer"
    case iam = "aws-iam"

    /// The keys it has besides `mechanism`.
    var keys: [KeyTable.Key] {
      switch self {
      case .plain, .scram256, .scram512:
        [
          .required("username", .text, says: "The name of the user"),
          .required("password", .text, says: "The user's password"),
        ]
      case .oauthBearer:
        [.optional("token_endpoint", .string, says: "The URL that gives tokens for a client's id")]
          + LoginReader.endpointKeys + [
            .optional("token", .string, says: "A token that stays the same"),
            .optional("command", .string, says: "A command that prints a token"),
          ]
      case .iam:
        [
          .optional("region", .string, says: "The region of AWS"),
          .optional("access_key_id", .string, says: "The id of an access key"),
          .optional("secret_access_key", .string, says: "The secret of this key"),
          .optional("session_token", .string, says: "The token of temporary keys"),
          .optional("profile", .string, says: "A profile of the files of the AWS tools"),
          .optional("authorization_identity", .string, says: "For the older mechanism AWS"),
        ]
      }
    }
  }

  /// Keys that only a token endpoint has.
  static let endpointKeys: [KeyTable.Key] = [
    .optional("client_id", .text, says: "The client's id"),
    .optional("client_secret", .text, says: "The client's secret"),
    .optional("scope", .string, says: "The scope of tokens"),
    .optional("extensions", .map(.text), says: "SASL extensions by name"),
    .optional("ca", KeyTable.certificateFile, says: "Authorities that are trusted for the URL"),
  ]

  private static let anyKeys = KeyVariants.login.union(called: "'sasl'")

  let directory: String

  func read(_ node: YAMLNode, tls: LoginSettings.TLS?) -> LoginSettings.Mechanism? {
    guard let map = MappingReader(node, Self.anyKeys),
      let choice = map.required("mechanism", hint: "write 'mechanism: scram-sha-512'"),
      let mechanism = choice.oneOf(Mechanism.self, "a mechanism")
    else { return nil }
    let own = KeyVariants.login.table(mechanism.rawValue)
    for entry in map.entries where Self.anyKeys.has(entry.key) && !own.has(entry.key) {
      entry.error(
        "'\(entry.key)' does not belong to the mechanism \(mechanism.rawValue)",
        hint: "\(mechanism.rawValue) takes \(mechanism.keys.map(\.name).joined(separator: ", "))",
        kind: .contradiction
      )
    }
    if tls == nil { warnOfPlaintext(map, mechanism) }
    switch mechanism {
    case .plain:
      return user(map).map { .plain(username: $0, password: $1) }
    case .scram256: return user(map).map { .scram(.sha256, username: $0, password: $1) }
    case .scram512: return user(map).map { .scram(.sha512, username: $0, password: $1) }
    case .oauthBearer: return tokens(map).map { .oauthBearer($0) }
    case .iam: return iam(map)
    }
  }

  private func warnOfPlaintext(_ map: MappingReader, _ mechanism: Mechanism) {
    let danger =
      switch mechanism {
      case .plain: "the password crosses the network in the clear"
      case .scram256, .scram512:
        "anyone who listens can try passwords against what crosses the network"
      case .oauthBearer: "the token crosses the network in the clear"
      case .iam: ""
      }
    if mechanism == .iam {
      map.entry("mechanism")?.error(
        "aws-iam needs TLS: it sends keys or tokens",
        hint: "leave out 'tls: false'",
        kind: .contradiction
      )
    } else {
      map.node.remark(.warning, "without TLS \(danger)")
    }
  }

  private func user(_ map: MappingReader) -> (String, Secret)? {
    let username = map.required("username")?.text("a user name")
    let password = map.required("password")?.text("a password")
    guard let username, let password else { return nil }
    return (username, Secret(password))
  }
}

// MARK: - OAUTHBEARER

extension LoginReader {
  private func tokens(_ map: MappingReader) -> TokenSource? {
    map.exclude("token_endpoint", "token")
    map.exclude("token_endpoint", "command")
    map.exclude("token", "command")
    if map["token_endpoint"] != nil { return clientCredentials(map) }
    for key in Self.endpointKeys.map(\.name) {
      map.entry(key)?.error("'\(key)' needs 'token_endpoint'", kind: .contradiction)
    }
    if let token = map["token"] { return token.string("a token").map { .fixed(Secret($0)) } }
    if let command = map["command"] { return command.string("a command").map { .command($0) } }
    return map.required(
      "token_endpoint",
      hint: "or write 'token: …', or 'command: …' that prints one"
    ).flatMap { _ in nil }
  }

  private func clientCredentials(_ map: MappingReader) -> TokenSource? {
    let endpoint = map["token_endpoint"].flatMap { url($0) }
    let id = map.required("client_id")?.text("a client id")
    let secret = map.required("client_secret")?.text("a client secret")
    let scope = map["scope"]?.string("a scope")
    let extensions = map["extensions"].map { self.extensions($0) } ?? [:]
    let authorities = map["ca"].flatMap {
      PEMReader(directory: directory).read($0, .certificate)
    }
    guard let endpoint, let id, let secret else { return nil }
    return .clientCredentials(
      .init(
        endpoint: endpoint,
        clientID: id,
        clientSecret: Secret(secret),
        scope: scope,
        extensions: extensions,
        authorities: authorities
      )
    )
  }

  private func url(_ node: YAMLNode) -> String? {
    guard let text = node.string("the URL of a token endpoint") else { return nil }
    if text.hasPrefix("https://") { return text }
    guard text.hasPrefix("http://") else {
      return node.expected("a URL that begins with https://")
    }
    let host = text.dropFirst(7).prefix { $0 != "/" && $0 != ":" }
    if host != "localhost", host != "127.0.0.1" {
      node.remark(.warning, "the client secret crosses the network in the clear")
    }
    return text
  }

  /// Names and values as RFC 7628, section 3.1, has them.
  private func extensions(_ node: YAMLNode) -> [String: String] {
    var result: [String: String] = [:]
    for entry in node.entries("SASL extensions by name") ?? [] {
      let isName = entry.key.utf8.allSatisfy { (65...90).contains($0 & 0xDF) }
      if entry.key.isEmpty || !isName || entry.key == "auth" {
        entry.error(
          "\(entry.key.quoted) is not the name of a SASL extension",
          hint: "a name has letters only; 'auth' is the token itself"
        )
      } else if let value = entry.value.text("a value for \(entry.key)") {
        let isValue = value.utf8.allSatisfy { (32...126).contains($0) || [9, 10, 13].contains($0) }
        if isValue { result[entry.key] = value } else { notASCII(entry) }
      }
    }
    return result
  }

  private func notASCII(_ entry: YAMLEntry) {
    entry.value.error("a SASL extension has printable ASCII characters only")
  }
}

// MARK: - AWS

extension LoginReader {
  private func iam(_ map: MappingReader) -> LoginSettings.Mechanism? {
    map.exclude("access_key_id", "profile", hint: "a profile brings its own keys")
    for (key, other) in [
      ("access_key_id", "secret_access_key"), ("secret_access_key", "access_key_id"),
      ("session_token", "access_key_id"),
    ] where map[other] == nil {
      map.entry(key)?.error("'\(key)' needs '\(other)'", kind: .contradiction)
    }
    var identity = AWSIdentity()
    identity.region = map["region"].flatMap { region($0) }
    identity.profile = map["profile"]?.string("the name of a profile")
    let id = map["access_key_id"]?.string("an access key id")
    let secret = map["secret_access_key"]?.string("a secret access key")
    let session = map["session_token"]?.string("a session token").map { Secret($0) }
    if let id, let secret {
      identity.keys = AWSKeys(
        accessKeyID: id,
        secretAccessKey: Secret(secret),
        sessionToken: session
      )
    }
    guard let node = map["authorization_identity"] else { return .msk(identity) }
    return node.string("an identity").map { .aws(identity, authorizationIdentity: $0) }
  }

  private func region(_ node: YAMLNode) -> String? {
    guard let text = node.string("a region") else { return nil }
    // It becomes part of a host's name.
    let isName = text.utf8.allSatisfy {
      (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-")
    }
    return isName ? text : node.expected("a region such as eu-west-1")
  }
}
