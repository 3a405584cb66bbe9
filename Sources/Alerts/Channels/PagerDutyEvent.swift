internal import Reports
internal import Settings
internal import Values

/// A notification as an event of PagerDuty's Events API v2.
enum PagerDutyEvent {
  /// Most characters of a summary, as PagerDuty documents it.
  private static let summaryMax = 1024

  /// The event: all of one incident have one `dedup_key`, so that the last one resolves it.
  static func body(
    _ notification: AlertNotification,
    key: Secret,
    severity: String?,
    host: String
  ) -> Value {
    let isResolved = notification.event == .resolved
    var members: [(String, Value)] = [
      ("routing_key", .string(key.exposed)),
      ("event_action", .string(isResolved ? "resolve" : "trigger")),
      ("dedup_key", .string(notification.incident)),
    ]
    if !isResolved {
      members.append(("payload", payload(notification, severity: severity, host: host)))
      members.append(("client", .string("sluice")))
    }
    return .object(Object(members))
  }

  private static func payload(
    _ notification: AlertNotification,
    severity: String?,
    host: String
  ) -> Value {
    let own = notification.severity == .critical ? "critical" : "warning"
    let time = ReportTime.utc(milliseconds: Int64(notification.at / 1000))
    let details: [(String, Value)] = [
      ("details", .array(notification.lines.map(Value.string))),
      ("syncs", .array(notification.syncs.map(Value.string))),
      ("next", .string(notification.command)),
    ]
    return .object(
      Object([
        ("summary", .string(String(notification.title.prefix(summaryMax)))),
        ("source", .string(host)), ("severity", .string(severity ?? own)),
        ("timestamp", .string(time)), ("component", .string(notification.system)),
        ("group", .string(notification.project)), ("class", .string(notification.rule)),
        ("custom_details", .object(Object(details))),
      ])
    )
  }
}
