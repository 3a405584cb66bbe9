import Blocking
public import Settings

/// Looks for keys and region where the AWS tools do.
public struct AWSCredentialChain: Sendable {
  let identity: AWSIdentity

  /// Looks for what `identity` leaves open.
  public init(identity: AWSIdentity) {
    self.identity = identity
  }

  /// A variable of the environment; nil for an empty one.
  func variable(_ name: String) -> String? {
    identity.environment[name].flatMap { $0.exposed.isEmpty ? nil : $0.exposed }
  }

  /// The keys of the first place that has some, in the order of the AWS tools.
  ///
  /// These are: the configuration, the environment, a web identity, the profile, the container, the
  /// instance. A profile that the configuration names is the only place then. Blocks while a service
  /// is asked, some seconds at most; throws if no place has keys.
  public func keys() throws(CredentialError) -> AWSKeys {
    if let keys = identity.keys { return keys }
    if identity.profile != nil {
      if let keys = profileKeys() { return keys }
    } else if let keys = environmentKeys() {
      return keys
    } else if let keys = try webIdentityKeys() {
      return keys
    } else if let keys = profileKeys() {
      return keys
    } else if let keys = try containerKeys() {
      return keys
    } else if let keys = try instanceKeys() {
      return keys
    }
    throw CredentialError(
      .token,
      identity.profile == nil
        ? "no AWS keys: not in the configuration, the environment, profile \(profile) or metadata"
        : "no AWS keys in profile \(profile)",
      hint: "set access_key_id and secret_access_key, the environment variables, or a profile"
    )
  }

  /// The region of the configuration, the environment, the profile or the broker's name.
  ///
  /// Throws a ``CredentialError`` if none of them says it.
  public func region(broker: String) throws(CredentialError) -> String {
    let known =
      identity.region ?? variable("AWS_REGION") ?? variable("AWS_DEFAULT_REGION")
      ?? setting("region", inConfiguration: true) ?? Self.region(inName: broker)
    if let known { return known }
    throw CredentialError(.setting, "aws-iam: no region", hint: "set `region` or AWS_REGION")
  }

  /// The region in a name such as `b-1.x.abc.c2.kafka.eu-west-1.amazonaws.com`.
  static func region(inName broker: String) -> String? {
    let host = broker.prefix { $0 != ":" }
    let parts = host.split(separator: ".")
    guard host.contains(".amazonaws.com"), let end = parts.lastIndex(of: "amazonaws"), end > 0
    else { return nil }
    return String(parts[end - 1])
  }

  private var profile: String {
    identity.profile ?? variable("AWS_PROFILE") ?? "default"
  }

  private func environmentKeys() -> AWSKeys? {
    guard let id = variable("AWS_ACCESS_KEY_ID") else { return nil }
    guard let secret = variable("AWS_SECRET_ACCESS_KEY") else { return nil }
    return AWSKeys(
      accessKeyID: id,
      secretAccessKey: Secret(secret),
      sessionToken: variable("AWS_SESSION_TOKEN").map { Secret($0) }
    )
  }

  private func profileKeys() -> AWSKeys? {
    guard let id = setting("aws_access_key_id") else { return nil }
    guard let secret = setting("aws_secret_access_key") else { return nil }
    return AWSKeys(
      accessKeyID: id,
      secretAccessKey: Secret(secret),
      sessionToken: setting("aws_session_token").map { Secret($0) }
    )
  }

  /// A setting of the profile: of the credentials file, or else of the configuration file.
  private func setting(_ name: String, inConfiguration first: Bool = false) -> String? {
    let home = variable("HOME") ?? ""
    let credentials = variable("AWS_SHARED_CREDENTIALS_FILE") ?? "\(home)/.aws/credentials"
    let configuration = variable("AWS_CONFIG_FILE") ?? "\(home)/.aws/config"
    let section = profile == "default" ? ["default", "profile default"] : ["profile \(profile)"]
    let places = [(credentials, [profile]), (configuration, section)]
    for (path, sections) in first ? places.reversed() : places {
      guard let bytes = SmallFile.read(path, upTo: 1 << 20) else { continue }
      let text = String(decoding: bytes, as: UTF8.self)
      if let value = Self.value(of: name, in: sections, of: text) { return value }
    }
    return nil
  }

  static func value(of name: String, in sections: [String], of text: String) -> String? {
    var isInside = false
    for line in text.split(whereSeparator: \.isNewline) {
      let bare = trimmed(line)
      if bare.hasPrefix("[") {
        let section = bare.dropFirst().prefix { $0 != "]" }
        isInside = sections.contains { $0 == trimmed(section) }
      } else if isInside, !bare.hasPrefix("#"), !bare.hasPrefix(";") {
        let parts = bare.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, trimmed(parts[0]).lowercased() == name else { continue }
        let value = trimmed(parts[1])
        return value.isEmpty ? nil : String(value)
      }
    }
    return nil
  }

  private static func trimmed(_ text: Substring) -> Substring {
    let end = text.lastIndex { !$0.isWhitespace }
    guard let end else { return "" }
    return text[...end].drop { $0.isWhitespace }
  }
}
