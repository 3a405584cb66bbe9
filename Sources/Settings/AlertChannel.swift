/// One way to tell somebody.
public struct AlertChannel: Sendable {
  /// Where a message goes, and how.
  public enum Target: Sendable {
    /// An HTTP endpoint that takes JSON, signed if there is a secret.
    case webhook(url: Secret, secret: Secret?, headers: [(name: String, value: Secret)])
    /// A command of the shell that reads JSON; it does not inherit the variables in `hiding`.
    case command(String, hiding: Set<String>)
    /// An incoming webhook of Slack.
    case slack(Secret)
    /// A workflow of Microsoft Teams that posts an adaptive card.
    case teams(Secret)
    /// PagerDuty's Events API v2; with a severity that one is told in place of the alert's.
    case pagerDuty(routingKey: Secret, severity: String?)
    /// Text messages by Twilio.
    case sms(SMSSettings)
    /// Mail.
    case email(EmailSettings)
    /// One of this type that nobody can reach now, because a command gave no secret for it; what it
    /// is to be told waits.
    case unavailable(type: String, reason: String)

    /// The word for `type`.
    public var type: String {
      switch self {
      case .webhook: "webhook"
      case .command: "command"
      case .slack: "slack"
      case .teams: "teams"
      case .pagerDuty: "pagerduty"
      case .sms: "sms"
      case .email: "email"
      case .unavailable(let type, _): type
      }
    }
  }

  /// Its name.
  public var name: String
  /// The least grave alert that it takes.
  public var minimum: AlertSeverity
  /// Where a message goes.
  public var target: Target

  /// Creates a channel.
  public init(_ name: String, minimum: AlertSeverity = .warning, _ target: Target) {
    self.name = name
    self.minimum = minimum
    self.target = target
  }
}

/// How text messages are sent.
public struct SMSSettings: Sendable {
  /// The account at Twilio.
  public var account: String
  /// Its token.
  public var token: Secret
  /// The number or name that sends.
  public var sender: String
  /// The numbers that receive.
  public var recipients: [String]

  /// Creates settings.
  public init(account: String, token: Secret, sender: String, recipients: [String]) {
    self.account = account
    self.token = token
    self.sender = sender
    self.recipients = recipients
  }
}

/// How mail is sent.
public struct EmailSettings: Sendable {
  /// What takes the mail.
  public enum Transport: Sendable {
    /// An SMTP server: with TLS from the first byte, or with STARTTLS, which it must offer.
    case smtp(host: String, port: Int, isImplicitTLS: Bool, user: String?, password: Secret?)
    /// A program that takes the mail as `sendmail` does, by its absolute path.
    case sendmail(String)
  }

  /// What takes the mail.
  public var transport: Transport
  /// The address that sends.
  public var sender: String
  /// The addresses that receive.
  public var recipients: [String]

  /// Creates settings.
  public init(_ transport: Transport, sender: String, recipients: [String]) {
    self.transport = transport
    self.sender = sender
    self.recipients = recipients
  }
}
