internal import Reports
internal import Settings

/// One figure of all syncs: a gauge with a name, a unit and labels.
struct MetricFamily: Sendable {
  /// A figure.
  enum Amount: Sendable, Hashable {
    case count(Int)
    /// Seconds, given in microseconds.
    case seconds(microseconds: Int)
  }

  /// What one sync, and what its other labels say, has.
  struct Sample: Sendable {
    let sync: String
    var labels: [(name: String, value: String)] = []
    let amount: Amount
  }

  /// Name with the unit at its end, as Prometheus wants it.
  let name: String
  /// What it is, in one sentence.
  let help: String
  /// The unit as UCUM has it, for OpenTelemetry.
  let unit: String
  let samples: [Sample]

  /// The figures of `syncs`; what is not known of a sync is left out, and so is a figure that none
  /// of them has.
  static func all(of syncs: [SyncMetrics]) -> [MetricFamily] {
    (runs(syncs) + states(syncs) + [rules(syncs)]).filter { !$0.samples.isEmpty }
  }

  private static func runs(_ syncs: [SyncMetrics]) -> [MetricFamily] {
    [
      gauge(
        "last_success_timestamp_seconds",
        unit: "s",
        help: "When the last run that succeeded ended.",
        of: syncs
      ) { $0.status.lastSuccess.map { .seconds(microseconds: $0) } },
      gauge("last_run_timestamp_seconds", unit: "s", help: "When the last run ended.", of: syncs) {
        $0.lastEnd?.finishedAt.map { .seconds(microseconds: $0) }
      },
      gauge("last_run_duration_seconds", unit: "s", help: "How long the last run took.", of: syncs)
      { sync in
        sync.lastEnd.flatMap { run in
          run.finishedAt.map { .seconds(microseconds: $0 - run.startedAt) }
        }
      },
      gauge(
        "last_run_success",
        unit: "1",
        help: "Whether the last run succeeded: 1 or 0.",
        of: syncs
      ) {
        $0.lastEnd.map { .count($0.isComplete ? 1 : 0) }
      },
      gauge("last_run_read_rows", unit: "{row}", help: "Rows that the last run read.", of: syncs) {
        $0.lastEnd?.counts.map { .count($0.read) }
      },
      counts(
        "last_run_rows",
        help: "Rows of the last run by what became of them.",
        by: "change",
        of: syncs
      ) {
        [
          ("added", $0.added), ("changed", $0.changed), ("removed", $0.removed),
          ("unchanged", $0.unchanged),
        ]
      },
      counts(
        "last_run_undelivered_rows",
        help: "Rows of the last run that were not delivered, by reason.",
        by: "reason",
        of: syncs
      ) { [("rejected", $0.rejected), ("invalid", $0.invalid), ("failed", $0.failed)] },
      gauge(
        "last_run_messages",
        unit: "{message}",
        help: "Messages that brokers acknowledged.",
        of: syncs
      ) {
        $0.lastEnd?.counts.map { .count($0.sent) }
      },
      gauge(
        "last_run_message_bytes",
        unit: "By",
        help: "Bytes of those messages, not compressed.",
        of: syncs
      ) {
        $0.lastEnd?.counts.map { .count($0.sentBytes) }
      },
    ]
  }

  private static func states(_ syncs: [SyncMetrics]) -> [MetricFamily] {
    [
      gauge("state_bytes", unit: "By", help: "Size of the state file.", of: syncs) {
        $0.status.summary.map { .count($0.bytes) }
      },
      gauge("state_rows", unit: "{row}", help: "Rows that count as delivered.", of: syncs) {
        $0.status.summary.map { .count($0.rows) }
      },
      gauge("unfinished_batches", unit: "{batch}", help: "Batches that wait to be sent.", of: syncs)
      {
        $0.status.summary.map { .count($0.preparedBatches) }
      },
    ]
  }

  private static func rules(_ syncs: [SyncMetrics]) -> MetricFamily {
    let samples = syncs.flatMap { sync in
      sync.rules.map { rule in
        let level = rule.severity.map { $0 == .critical ? 2 : 1 } ?? 0
        return Sample(
          sync: sync.status.sync,
          labels: [("rule", rule.kind.rawValue)],
          amount: .count(level)
        )
      }
    }
    let help = "State of the rules of alerts: 0 ok, 1 warning, 2 critical."
    return MetricFamily(name: "sluice_alert_severity", help: help, unit: "1", samples: samples)
  }

  // MARK: - Samples

  private static func gauge(
    _ name: String,
    unit: String,
    help: String,
    of syncs: [SyncMetrics],
    value: (SyncMetrics) -> Amount?
  ) -> MetricFamily {
    let samples = syncs.compactMap { sync in
      value(sync).map { Sample(sync: sync.status.sync, amount: $0) }
    }
    return MetricFamily(name: "sluice_" + name, help: help, unit: unit, samples: samples)
  }

  /// Several counts of the last run, told apart by `label`.
  private static func counts(
    _ name: String,
    help: String,
    by label: String,
    of syncs: [SyncMetrics],
    values: (RunCounts) -> [(name: String, count: Int)]
  ) -> MetricFamily {
    let samples = syncs.flatMap { sync in
      (sync.lastEnd?.counts.map(values) ?? []).map { value in
        Sample(
          sync: sync.status.sync,
          labels: [(label, value.name)],
          amount: .count(value.count)
        )
      }
    }
    return MetricFamily(name: "sluice_" + name, help: help, unit: "{row}", samples: samples)
  }
}
