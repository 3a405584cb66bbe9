public import Settings
public import Values

/// What is wrong by the rules of alerts, and what is still to be delivered.
public struct AlertsReport: CommandReport {
  /// A sync that is in an incident.
  public struct Member: Sendable {
    /// Its name.
    public var sync: String
    /// Since when, in microseconds since 1970.
    public var since: Int
    /// What happened to it, as in `failed`.
    public var summary: String
    /// Numbers and the first error.
    public var details: [String]
    /// What to type next.
    public var command: String

    /// Describes a sync.
    public init(
      sync: String,
      since: Int,
      summary: String,
      details: [String],
      command: String
    ) {
      self.sync = sync
      self.since = since
      self.summary = summary
      self.details = details
      self.command = command
    }

    fileprivate var json: Value {
      .object([
        ("sync", .string(sync)), ("since", .string(ReportTime.utc(microseconds: since))),
        ("summary", .string(summary)), ("details", .array(details.map(Value.string))),
        ("command", .string(command)),
      ])
    }
  }

  /// Something that is wrong.
  public struct Incident: Sendable {
    /// Its identity.
    public var id: String
    /// What the rule looks at, as in `failed`.
    public var rule: String
    /// What it is about, as in `destination events`.
    public var system: String
    /// What is wrong there.
    public var code: String
    /// How grave it is; nil if every rule that tells of it is muted.
    public var severity: AlertSeverity?
    /// Since when, in microseconds since 1970.
    public var since: Int
    /// The channels that were told.
    public var told: [String]
    /// The syncs that are in it.
    public var syncs: [Member]

    /// Describes an incident.
    public init(
      id: String,
      rule: String,
      system: String,
      code: String,
      severity: AlertSeverity?,
      since: Int,
      told: [String],
      syncs: [Member]
    ) {
      self.id = id
      self.rule = rule
      self.system = system
      self.code = code
      self.severity = severity
      self.since = since
      self.told = told
      self.syncs = syncs
    }

    fileprivate var json: Value {
      .object([
        ("incident", .string(id)), ("rule", .string(rule)), ("system", .string(system)),
        ("code", .string(code)), ("severity", .optional(severity?.rawValue)),
        ("since", .string(ReportTime.utc(microseconds: since))),
        ("told", .array(told.map(Value.string))), ("syncs", .array(syncs.map(\.json))),
      ])
    }
  }

  /// A channel.
  public struct Channel: Sendable {
    /// Its name.
    public var name: String
    /// Its type, as in `slack`.
    public var type: String
    /// Alerts that it has not taken yet.
    public var waiting: Int
    /// Since when the first of them waits, in microseconds since 1970; nil for none.
    public var waitingSince: Int?
    /// Why the last attempt failed; nil for none.
    public var error: String?

    /// Describes a channel.
    public init(
      name: String,
      type: String,
      waiting: Int = 0,
      waitingSince: Int? = nil,
      error: String? = nil
    ) {
      self.name = name
      self.type = type
      self.waiting = waiting
      self.waitingSince = waitingSince
      self.error = error
    }

    fileprivate var json: Value {
      .object([
        ("channel", .string(name)), ("type", .string(type)), ("waiting", .integer(waiting)),
        (
          "waiting_since",
          .optional(waitingSince.map { ReportTime.utc(microseconds: $0) })
        ),
        ("error", .optional(error)),
      ])
    }
  }

  /// What is wrong, in the order of opening.
  public var incidents: [Incident]
  /// The channels, in the file's order.
  public var channels: [Channel]

  /// Reports both.
  public init(incidents: [Incident], channels: [Channel]) {
    self.incidents = incidents
    self.channels = channels
  }

  /// Nothing is known.
  public init() {
    self.init(incidents: [], channels: [])
  }

  /// The members of the document.
  public var members: [(String, Value)] {
    [("incidents", .array(incidents.map(\.json))), ("channels", .array(channels.map(\.json)))]
  }
}
