import Settings

/// What libpq and Postgres may be told, and what Sluice fixes itself.
///
/// Keywords are those of the Postgres manual, "Parameter Key Words" of libpq, up to release 17.
enum PostgresKeywords {
  static let all = [
    "host", "hostaddr", "port", "dbname", "user", "password", "passfile", "require_auth",
    "channel_binding", "connect_timeout", "options", "application_name",
    "fallback_application_name", "keepalives", "keepalives_idle", "keepalives_interval",
    "keepalives_count", "tcp_user_timeout", "gssencmode", "sslmode", "sslnegotiation",
    "sslcompression", "sslcert", "sslkey", "sslpassword", "sslcertmode", "sslrootcert", "sslcrl",
    "sslcrldir", "sslsni", "requirepeer", "ssl_min_protocol_version", "ssl_max_protocol_version",
    "krbsrvname", "gsslib", "gssdelegation", "service", "target_session_attrs",
    "load_balance_hosts",
  ]

  /// Those whose value is a path, relative to the project.
  static let paths: Set<String> = [
    "passfile", "sslcert", "sslkey", "sslrootcert", "sslcrl", "sslcrldir",
  ]

  /// Whether the value of a keyword must not be shown.
  static func isSecret(_ keyword: String) -> Bool { SecretName.isSecret(keyword) }

  private static let choices: [String: [String]] = [
    "sslmode": ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"],
    "channel_binding": ["disable", "prefer", "require"],
    "gssencmode": ["disable", "prefer", "require"],
    "target_session_attrs": [
      "any", "read-write", "read-only", "primary", "standby", "prefer-standby",
    ],
    "load_balance_hosts": ["disable", "random"],
  ]

  /// What may stand under a keyword.
  static func shape(of keyword: String) -> KeyShape {
    if let choices = choices[keyword] { return .choice(choices) }
    // Several hosts may have a port each.
    if keyword == "port" { return .either([.integer(1...65_535), .form("[0-9,]+")]) }
    return numbers.contains(keyword) ? .integer(numberRange) : .text
  }

  private static let numberRange = 0...Int(Int32.max)

  private static let numbers: Set<String> = [
    "connect_timeout", "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count",
    "tcp_user_timeout",
  ]

  /// The text of a keyword's value; nil after reporting what is wrong with it.
  static func check(_ entry: YAMLEntry) -> String? {
    if let choices = choices[entry.key] { return entry.value.choice(of: choices, entry.key) }
    if numbers.contains(entry.key) {
      return entry.value.integer(entry.key, in: numberRange).map(String.init)
    }
    guard let text = entry.value.text("a text") else { return nil }
    if let expected = expected(of: entry.key, for: text) {
      let hint = entry.key == "dbname" ? "write a url or a key=value string as 'url: …'" : nil
      return entry.value.expected(expected, hint: hint)
    }
    return text
  }

  /// What a keyword takes where `value` is not that; nil if it is.
  static func expected(of keyword: String, for value: String) -> String? {
    if let choices = choices[keyword] { return choices.contains(value) ? nil : choices.listed }
    if numbers.contains(keyword) {
      return Int32(value).map { $0 >= 0 } ?? false ? nil : "a whole number"
    }
    switch keyword {
    case "port":
      let ports = value.split(separator: ",", omittingEmptySubsequences: false)
      let isValid = ports.allSatisfy { port in
        port.isEmpty && ports.count > 1 || (Int(port).map { (1...65_535).contains($0) } ?? false)
      }
      return isValid ? nil : "a port from 1 to 65535"
    case "host":
      return value.contains { $0 == "@" || $0.isWhitespace } ? "the name of a host" : nil
    case "dbname":
      let isString = value.contains("=") || value.contains("://")
      return isString ? "the name of a database" : nil
    default: return nil
    }
  }

  /// Whether it may be the name of a setting: an identifier, or two with a dot between them.
  static func isSettingName(_ name: String) -> Bool {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count <= 2 && parts.allSatisfy { Interpolation.isName($0) }
  }
}
