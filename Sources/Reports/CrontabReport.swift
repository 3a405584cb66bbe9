public import Values

/// The crontab's block of a project.
public struct CrontabReport: CommandReport {
  /// A line that runs all syncs of one schedule, or checks alerts.
  public struct Line: Sendable {
    /// Names of the syncs; none for the check of alerts.
    public var syncs: [String]
    /// Five fields, as cron takes them.
    public var schedule: String
    /// What is run, for a shell.
    public var command: String

    /// Describes a line.
    public init(syncs: [String], schedule: String, command: String) {
      self.syncs = syncs
      self.schedule = schedule
      self.command = command
    }

    fileprivate var json: Value {
      .object([
        ("sync", .string(syncs.joined(separator: " "))), ("syncs", .array(syncs.map(Value.string))),
        ("schedule", .string(schedule)), ("command", .string(command)),
      ])
    }
  }

  /// The path that marks the block.
  public var directory: String?
  /// Its lines; none after it was removed.
  public var lines: [Line]
  /// Whether the user's crontab has the block now; nil if nobody looked.
  public var isInstalled: Bool?
  /// Whether the user's crontab was changed; nil if nobody looked.
  public var isChanged: Bool?

  /// Reports the block of `directory`.
  public init(
    directory: String,
    lines: [Line],
    isInstalled: Bool? = nil,
    isChanged: Bool? = nil
  ) {
    self.directory = directory
    self.lines = lines
    self.isInstalled = isInstalled
    self.isChanged = isChanged
  }

  /// Nothing is known.
  public init() {
    lines = []
  }

  /// The members of the document.
  public var members: [(String, Value)] {
    [
      ("directory", .optional(directory)), ("lines", .array(lines.map(\.json))),
      ("installed", .optional(isInstalled)), ("changed", .optional(isChanged)),
    ]
  }
}
