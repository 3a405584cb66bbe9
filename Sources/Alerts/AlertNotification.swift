internal import Reports
internal import Settings
internal import Values

/// One message to one channel: an incident opened, became more or less grave, or is over.
struct AlertNotification: Sendable, Hashable {
  /// What happened.
  enum Event: String, Sendable, Hashable {
    case opened
    case changed
    case resolved
    /// Nothing: somebody tries the channel.
    case test
  }

  /// Its identity, the same however often it is sent.
  var id: String
  /// Identity of the incident.
  var incident: String
  var channel: String
  var event: Event
  /// How grave it is; nil if nothing is wrong any longer.
  var severity: AlertSeverity?
  /// What the channel was told before.
  var previous: AlertSeverity?
  /// What the rule looks at, as in `failed`.
  var rule: String
  /// What it is about, as in `destination events`.
  var system: String
  var code: String
  /// The sync that opened the incident.
  var sync: String
  /// All that are or were in it.
  var syncs: [String]
  /// What happened to the sync, as in `failed`.
  var summary: String
  var details: [String]
  /// What to type next.
  var command: String
  var project: String
  /// When the incident was opened, in microseconds since 1970.
  var since: Int
  /// When this became so, in microseconds since 1970.
  var at: Int

  init(
    _ incident: Incident,
    to channel: String,
    from previous: AlertSeverity?,
    to severity: AlertSeverity?,
    project: String,
    at now: Int
  ) {
    id = "\(incident.id)-\(incident.sequence)"
    self.incident = incident.id
    self.channel = channel
    event = severity == nil ? .resolved : previous == nil ? .opened : .changed
    self.severity = severity
    self.previous = previous
    rule = incident.cause.kind.rawValue
    system = incident.cause.system
    code = incident.cause.code
    sync = incident.opener
    syncs = incident.everyone
    let greatest = incident.severity(for: channel)
    let gravest = incident.members.first { $0.channels[channel] == greatest }
    let finding = event == .changed ? gravest?.finding ?? incident.opening : incident.opening
    if event == .changed, let gravest { sync = gravest.sync }
    summary = finding.summary
    details = finding.details
    command = finding.command
    self.project = project
    since = incident.openedAt
    at = now
  }

  /// A message that only tries `channel`.
  init(testing channel: AlertChannel, project: String, at now: Int) {
    id = "test-\(now)"
    incident = id
    self.channel = channel.name
    event = .test
    severity = channel.minimum
    rule = "test"
    system = "sluice"
    code = "test"
    sync = ""
    syncs = []
    summary = "is able to reach this channel"
    details = ["this is a test of the channel \(channel.name): nothing is wrong"]
    command = "sluice alerts status"
    self.project = project
    since = now
    at = now
  }
}

extension AlertNotification {
  /// How long the incident has lasted.
  var duration: Duration { .microseconds(at - since) }

  /// What it is in one line, without project and severity.
  var headline: String {
    switch event {
    case .opened, .changed: "\(sync) \(summary)"
    case .resolved: "over after \(duration.spoken): \(sync) \(summary)"
    case .test: "sluice \(summary)"
    }
  }

  /// How it is called for people: `critical`, `warning`, `resolved`, `test`.
  var label: String {
    switch event {
    case .opened, .changed: severity?.rawValue ?? "warning"
    case .resolved: "resolved"
    case .test: "test"
    }
  }

  /// The whole of it in one line.
  var title: String { "[\(label)] \(project): \(headline)" }

  /// What is wrong, in words; codes of errors, several of which guards have, behind theirs.
  private var cause: String {
    code.split(separator: "+").map { part in
      ErrorKind(code: String(part)).map { "\($0.title) [\($0.code)]" } ?? String(part)
    }.joined(separator: "; ")
  }

  /// What people read below the title.
  var lines: [String] {
    var lines: [String] = []
    if event != .test { lines.append("\(system): \(cause)") }
    lines += details
    let time = { (micros: Int) in ReportTime.utc(milliseconds: Int64(micros / 1000)) }
    switch event {
    case .opened: lines.append("since \(time(since))")
    case .changed:
      lines.append("\(previous?.rawValue ?? "ok") before; since \(time(since))")
    case .resolved: lines.append("from \(time(since)) to \(time(at)), \(duration.spoken)")
    case .test: break
    }
    if event != .opened, syncs.count > 1 {
      lines.append("syncs: \(syncs.joined(separator: ", "))")
    }
    if event != .resolved { lines.append("next: \(command)") }
    return lines
  }

  /// Title and lines.
  var text: String { ([title] + lines).joined(separator: "\n") }
}

extension AlertNotification {
  /// Version of the names and shapes of ``json``.
  static let version = 1

  /// What webhooks and commands get.
  var json: Value {
    let optional = { (severity: AlertSeverity?) in Value.string(severity?.rawValue ?? "ok") }
    let time = { (micros: Int) in
      Value.string(ReportTime.utc(milliseconds: Int64(micros / 1000)))
    }
    return .object(
      Object([
        ("version", .integer(Self.version)), ("id", .string(id)), ("incident", .string(incident)),
        ("event", .string(event.rawValue)), ("severity", optional(severity)),
        ("previous", optional(previous)), ("rule", .string(rule)), ("system", .string(system)),
        ("code", .string(code)), ("project", .string(project)), ("sync", .string(sync)),
        ("syncs", .array(syncs.map(Value.string))), ("title", .string(title)),
        ("summary", .string(summary)), ("details", .array(details.map(Value.string))),
        ("command", .string(command)), ("since", time(since)), ("at", time(at)),
        ("duration_seconds", .integer(max(at - since, 0) / 1_000_000)),
      ])
    )
  }
}
