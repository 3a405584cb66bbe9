/// Who is told when something goes wrong, and what wrong is.
public struct AlertSettings: Sendable {
  /// The channels, in the file's order.
  public var channels: [AlertChannel] = []
  /// The rules, in the file's order.
  public var rules: [AlertRule] = []
  /// What is called when runs begin and end.
  public var heartbeats: [HeartbeatSettings] = []

  /// Nobody is told anything.
  public init() {}

  /// The channel called `name`.
  public func channel(_ name: String) -> AlertChannel? { channels.first { $0.name == name } }
}

/// How grave something is.
public enum AlertSeverity: String, Sendable, Hashable, CaseIterable, Comparable {
  /// Somebody should look at it.
  case warning
  /// Somebody has to act.
  case critical

  /// Whether `left` is less grave.
  public static func < (left: AlertSeverity, right: AlertSeverity) -> Bool {
    left == .warning && right == .critical
  }
}

/// When somebody is told.
public struct AlertRule: Sendable {
  /// What a rule looks at.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// A run failed, or its configuration is wrong.
    case failed
    /// A guard stopped a run.
    case guarded = "guard"
    /// Rows are rejected or invalid.
    case rejected
    /// No run has succeeded for long.
    case stale
    /// A run changes far more rows than usual.
    case unusual
    /// A run takes long.
    case duration
    /// A run reads far fewer rows than the one before.
    case rows
  }

  /// A bound on rejected rows.
  public enum Amount: Sendable, Hashable {
    /// So many rows.
    case rows(Int)
    /// So many percent of the rows read.
    case percent(Double)
  }

  /// A bound on how long a run takes.
  public enum Length: Sendable, Hashable {
    /// This long.
    case time(Duration)
    /// So many times the median of the last runs.
    case median(Double)
  }

  /// What has to be the case.
  public enum Condition: Sendable, Hashable {
    /// A run failed, or its configuration is wrong.
    case failed
    /// A guard stopped a run.
    case guarded
    /// More rows than this are rejected or invalid.
    case rejected(above: Amount)
    /// The last success is longer ago than this.
    case stale(after: Duration)
    /// More changes than so many times the median of the last runs.
    case unusual(factor: Double)
    /// A run takes longer than this.
    case duration(above: Length)
    /// Fewer rows read than so many percent of those of the run before.
    case rows(below: Double)

    /// What it looks at.
    public var kind: Kind {
      switch self {
      case .failed: .failed
      case .guarded: .guarded
      case .rejected: .rejected
      case .stale: .stale
      case .unusual: .unusual
      case .duration: .duration
      case .rows: .rows
      }
    }
  }

  /// What has to be the case.
  public var condition: Condition
  /// How grave it is then.
  public var severity: AlertSeverity
  /// Names of the channels that are told.
  public var channels: [String]
  /// Names of the syncs it is for; without any, and without tags, it is for all.
  public var syncs: [String]
  /// Tags of the syncs it is for.
  public var tags: [String]
  /// Until when nobody is told, in microseconds since 1970.
  public var muteUntil: Int?

  /// Creates a rule; without a severity it has the one of its kind.
  public init(
    _ condition: Condition,
    severity: AlertSeverity? = nil,
    channels: [String],
    syncs: [String] = [],
    tags: [String] = [],
    muteUntil: Int? = nil
  ) {
    self.condition = condition
    self.severity = severity ?? condition.kind.severity
    self.channels = channels
    self.syncs = syncs
    self.tags = tags
    self.muteUntil = muteUntil
  }

  /// Whether it is for the sync `name` with `tags`.
  public func covers(_ name: String, tags ofSync: [String]) -> Bool {
    if syncs.isEmpty && tags.isEmpty { return true }
    return syncs.contains(name) || tags.contains(where: ofSync.contains)
  }
}

extension AlertRule.Kind {
  /// How grave it is, unless the rule says otherwise.
  public var severity: AlertSeverity {
    switch self {
    case .failed, .guarded, .stale: .critical
    case .rejected, .unusual, .duration, .rows: .warning
    }
  }
}
