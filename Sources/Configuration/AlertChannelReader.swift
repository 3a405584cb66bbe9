import Settings
import Text

/// Reads one of `alerts.channels`.
struct AlertChannelReader {
  /// The types by the names that the configuration gives them.
  enum Kind: String, CaseIterable {
    case slack, teams, pagerduty, sms, email, webhook, command

    /// The keys it has besides `type` and `min`.
    var keys: [KeyTable.Key] {
      switch self {
      case .slack, .teams: [.required("webhook", .string, says: "The URL of the webhook")]
      case .pagerduty:
        [
          .required("routing_key", .text, says: "The key of the integration"),
          .optional(
            "severity",
            .choice(AlertChannelReader.severities),
            says: "PagerDuty's severity"
          ),
        ]
      case .sms:
        [
          .required("provider", .choice(AlertChannelReader.providers), says: "Who sends messages"),
          .required("account_sid", .text, says: "The account"),
          .required("auth_token", .text, says: "The account's token"),
          .required("from", .text, says: "The number or name that messages come from"),
          .required("to", AlertChannelReader.numbers, says: "Numbers, such as \"+4930123456\""),
        ]
      case .email:
        [
          .optional("smtp", .string, says: "A URL such as smtps://user:password@host:465"),
          .optional("sendmail", .string, says: "The path of a program, in place of smtp"),
          .required("from", .string, says: "The sender's address"),
          .required("to", AlertChannelReader.addresses, says: "The recipients' addresses"),
        ]
      case .webhook:
        [
          .required("url", .string, says: "The URL that is called"),
          .optional("secret", .text, says: "The key of the signature"),
          .optional("headers", .map(.text), says: "Headers by name"),
        ]
      case .command: [.required("run", .string, says: "The command, for the shell")]
      }
    }
  }

  private static let severities = ["critical", "error", "warning", "info"]
  private static let providers = ["twilio"]
  // Without quotes YAML reads it as a number.
  private static let number = KeyShape.either([
    .form("\\+[0-9]{6,15}"), .integer(100_000...999_999_999_999_999),
  ])
  private static let numbers = KeyShape.either([number, .list(number, countMin: 1)])
  private static let addresses = KeyShape.strings

  let directory: String

  func read(_ node: YAMLNode, name: String) -> AlertChannel? {
    guard let entries = node.entries("a channel") else { return nil }
    guard let type = entries.first(where: { $0.key == "type" }) else {
      let types = Kind.allCases.map(\.rawValue).listed
      node.error(
        "the key 'type' is missing",
        hint: "a channel is of the type \(types)",
        kind: .missingKey
      )
      return nil
    }
    guard let kind = type.value.oneOf(Kind.self, "a type of channel"),
      let map = MappingReader(node, KeyVariants.channel.table(kind.rawValue))
    else { return nil }
    let minimum = map["min"].map { $0.oneOf(AlertSeverity.self, "the least severity") }
    guard let target = target(kind, map) ?? unavailable(kind, node) else { return nil }
    return AlertChannel(name, minimum: (minimum ?? nil) ?? .warning, target)
  }

  /// What stands for a channel whose secret a command did not give; nil if that is not the reason.
  private func unavailable(_ kind: Kind, _ node: YAMLNode) -> AlertChannel.Target? {
    let commands = node.allUses.compactMap { use -> String? in
      switch use.origin {
      case .command(hasRun: true): "the command \(use.name) gave no secret"
      case .command(hasRun: false): "the command \(use.name) has not run"
      case .environment, .environmentFile, .fallback, .file, .credential, .unset: nil
      }
    }
    return commands.first.map { .unavailable(type: kind.rawValue, reason: $0) }
  }

  private func target(_ kind: Kind, _ map: MappingReader) -> AlertChannel.Target? {
    switch kind {
    case .slack: return map.required("webhook").flatMap { SecretURL.read($0) }.map { .slack($0) }
    case .teams: return map.required("webhook").flatMap { SecretURL.read($0) }.map { .teams($0) }
    case .pagerduty: return pagerDuty(map)
    case .sms: return sms(map)
    case .email: return email(map)
    case .webhook: return webhook(map)
    case .command:
      return map.required("run")?.string("a command").map { .command($0, hiding: []) }
    }
  }

  private func pagerDuty(_ map: MappingReader) -> AlertChannel.Target? {
    let severity = map["severity"]?.choice(of: Self.severities, "a severity of PagerDuty")
    return map.required("routing_key")?.text("a routing key")
      .map { .pagerDuty(routingKey: Secret($0), severity: severity) }
  }

  private func webhook(_ map: MappingReader) -> AlertChannel.Target? {
    let secret = map["secret"]?.text("a secret").map { Secret($0) }
    var headers: [(name: String, value: Secret)] = []
    for entry in map["headers"]?.entries("headers by name") ?? [] {
      guard isHeader(entry), let value = entry.value.text("a value for \(entry.key)") else {
        continue
      }
      if value.utf8.contains(where: { $0 < 32 && $0 != 9 || $0 == 127 }) {
        entry.value.error("a header has no control characters")
        continue
      }
      headers.append((entry.key, Secret(value)))
    }
    return map.required("url").flatMap { SecretURL.read($0) }
      .map { .webhook(url: $0, secret: secret, headers: headers) }
  }

  private func isHeader(_ entry: YAMLEntry) -> Bool {
    let isName =
      !entry.key.isEmpty
      && entry.key.utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0 & 0xDF)
          || "!#$&'*+-.^_`|~".utf8.contains($0)
      }
    if !isName { entry.error("\(entry.key.quoted) is not the name of a header") }
    return isName
  }

  private func sms(_ map: MappingReader) -> AlertChannel.Target? {
    let provider = map.required("provider", hint: "write 'provider: twilio'")?
      .choice(of: Self.providers, "a provider")
    let account = map.required("account_sid")?.text("an account")
    let token = map.required("auth_token")?.text("a token")
    let sender = map.required("from")?.text("a number or a name")
    let recipients = map.required("to").flatMap(numbers)
    guard provider != nil, let account, let token, let sender, let recipients else { return nil }
    return .sms(
      SMSSettings(account: account, token: Secret(token), sender: sender, recipients: recipients)
    )
  }

  private func numbers(_ node: YAMLNode) -> [String]? {
    guard let items = node.items("numbers such as \"+4930123456\"") else { return nil }
    if items.isEmpty { node.error("expected at least one number") }
    let numbers = items.compactMap { item -> String? in
      guard let text = item.text("a number such as \"+4930123456\"") else { return nil }
      let digits = text.dropFirst()
      let isNumber =
        text.hasPrefix("+") && (6...15).contains(digits.utf8.count)
        && digits.utf8.allSatisfy { (48...57).contains($0) }
      return isNumber ? text : item.expected("a number such as \"+4930123456\"")
    }
    return numbers.isEmpty || numbers.count < items.count ? nil : numbers
  }
}

// MARK: - Mail

extension AlertChannelReader {
  private func email(_ map: MappingReader) -> AlertChannel.Target? {
    map.exclude("smtp", "sendmail")
    let sender = map.required("from").flatMap(address)
    let recipients = map.required("to").flatMap(addresses)
    let transport =
      map["sendmail"].map { sendmail($0) }
      ?? map.required("smtp", hint: "or write 'sendmail: /usr/sbin/sendmail'").flatMap(smtp)
    guard let transport, let sender, let recipients else { return nil }
    return .email(EmailSettings(transport, sender: sender, recipients: recipients))
  }

  private func sendmail(_ node: YAMLNode) -> EmailSettings.Transport? {
    node.string("the path of a program").map {
      .sendmail(FileAccess.path($0, from: directory))
    }
  }

  private func addresses(_ node: YAMLNode) -> [String]? {
    guard let items = node.items("mail addresses") else { return nil }
    if items.isEmpty { node.error("expected at least one mail address") }
    let addresses = items.compactMap(address)
    return addresses.isEmpty || addresses.count < items.count ? nil : addresses
  }

  /// A bare address: what else a mail program takes would have to be taken apart.
  private func address(_ node: YAMLNode) -> String? {
    guard let text = node.string("a mail address") else { return nil }
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    let isPlain = text.utf8.allSatisfy { $0 > 32 && $0 < 127 && !"<>,;:\"()\\".utf8.contains($0) }
    let isAddress = parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
    return isPlain && isAddress && !text.hasPrefix("-")
      ? text : node.expected("a mail address such as ops@example.com")
  }

  private func smtp(_ node: YAMLNode) -> EmailSettings.Transport? {
    guard let text = node.string("the URL of a mail server") else { return nil }
    guard let server = MailServer(text) else {
      return node.expected(
        "a URL such as smtps://user:password@host:465",
        hint: "smtp:// uses STARTTLS; in the password @ : / # % are percent-encoded"
      )
    }
    if let password = server.password { node.source.report.keepSecret(password) }
    return .smtp(
      host: server.host,
      port: server.port,
      isImplicitTLS: server.isImplicitTLS,
      user: server.user,
      password: server.password.map { Secret($0) }
    )
  }
}
