public import Reports
public import Settings

/// What figures tell of one sync.
public struct SyncMetrics: Sendable {
  /// What its state holds, and when it succeeded last.
  public var status: StatusReport
  /// Its last run that ended; nil if the history has none.
  public var lastEnd: RunRecord?
  /// How grave each kind of rule is that judges it; nil if nothing is wrong.
  public var rules: [(kind: AlertRule.Kind, severity: AlertSeverity?)]

  /// Describes a sync by its status and its last `runs`, the latest first.
  public init(
    _ status: StatusReport,
    runs: [RunRecord],
    rules: [(kind: AlertRule.Kind, severity: AlertSeverity?)] = []
  ) {
    self.status = status
    lastEnd = runs.first { $0.finishedAt != nil }
    self.rules = rules
  }
}
