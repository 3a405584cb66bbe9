internal import Settings
internal import Values

/// A notification for an incoming webhook of Slack.
enum SlackMessage {
  /// Most characters of one text; Slack takes 3,000 in a section.
  private static let lengthMax = 2900

  static func body(_ notification: AlertNotification) -> Value {
    let title = "\(mark(notification)) \(notification.title)"
    return .object(
      Object([
        ("text", .string(escaped(title))),
        (
          "blocks",
          .array([
            section("*\(escaped(title))*"),
            section(escaped(notification.lines.joined(separator: "\n"))),
          ])
        ),
      ])
    )
  }

  private static func section(_ text: String) -> Value {
    let inner: [(String, Value)] = [
      ("type", .string("mrkdwn")), ("text", .string(String(text.prefix(lengthMax)))),
    ]
    return .object(Object([("type", .string("section")), ("text", .object(Object(inner)))]))
  }

  private static func mark(_ notification: AlertNotification) -> String {
    switch notification.event {
    case .opened, .changed: notification.severity == .critical ? ":red_circle:" : ":warning:"
    case .resolved: ":white_check_mark:"
    case .test: ":wave:"
    }
  }

  /// Slack's three characters that would begin markup.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      default: result.append(character)
      }
    }
    return result
  }
}

/// A notification for a workflow of Microsoft Teams: an adaptive card.
enum TeamsMessage {
  static func body(_ notification: AlertNotification) -> Value {
    let color =
      switch notification.event {
      case .opened, .changed: notification.severity == .critical ? "Attention" : "Warning"
      case .resolved: "Good"
      case .test: "Accent"
      }
    let title = block(notification.title, [("weight", "Bolder"), ("color", color)])
    let card: [(String, Value)] = [
      ("$schema", .string("http://adaptivecards.io/schemas/adaptive-card.json")),
      ("type", .string("AdaptiveCard")), ("version", .string("1.4")),
      ("body", .array([title] + notification.lines.map { block($0, []) })),
    ]
    let attachment: [(String, Value)] = [
      ("contentType", .string("application/vnd.microsoft.card.adaptive")),
      ("contentUrl", .null), ("content", .object(Object(card))),
    ]
    return .object(
      Object([
        ("type", .string("message")), ("attachments", .array([.object(Object(attachment))])),
      ])
    )
  }

  private static func block(_ text: String, _ style: [(String, String)]) -> Value {
    let members: [(String, Value)] =
      [("type", .string("TextBlock")), ("text", .string(text)), ("wrap", .bool(true))]
      + style.map { ($0.0, .string($0.1)) }
    return .object(Object(members))
  }
}
