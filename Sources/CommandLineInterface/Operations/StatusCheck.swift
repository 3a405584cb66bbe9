import Reports
import Settings

/// Judges by what states remember whether syncs are well: for monitoring, which wants one line.
struct StatusCheck {
  /// A success that is older makes a sync stale; nil if any age will do.
  let maxAge: Duration?
  /// Microseconds since 1970.
  let now: Int

  /// What is wrong with the sync of `report`, as it is read after its name; nil if nothing is.
  func problem(_ report: StatusReport) -> String? {
    if report.error != nil { return "has a state that cannot be read" }
    return end(report) ?? unfinished(report) ?? staleness(report)
  }

  private func end(_ report: StatusReport) -> String? {
    guard let run = report.lastRun, !run.isRunning else { return nil }
    guard let outcome = run.outcome.flatMap(RunReport.Outcome.init) else {
      return "was killed in its last run"
    }
    switch outcome {
    case .done, .doneWithProblems, .alreadyRunning, .skipped: return nil
    case .stoppedByGuard: return "was stopped by a guard"
    case .failed: return "failed"
    case .misconfigured: return "has a wrong configuration"
    case .interrupted: return "was interrupted in its last run"
    }
  }

  private func unfinished(_ report: StatusReport) -> String? {
    guard let summary = report.summary, !(report.lastRun?.isRunning ?? false) else { return nil }
    if summary.preparedBatches > 0 { return "has \(summary.preparedBatches) batches to send" }
    return summary.isBackfilling ? "has an unfinished backfill" : nil
  }

  private func staleness(_ report: StatusReport) -> String? {
    guard let maxAge else { return nil }
    guard let success = report.lastSuccess else { return "has no run that succeeded" }
    let age = Duration.microseconds(now - success)
    return age > maxAge ? "succeeded last \(age.spoken) ago" : nil
  }

  /// The one line: `problems` are syncs with what is wrong with them, of `count` in all.
  static func line(_ problems: [(sync: String, problem: String)], of count: Int) -> String {
    if problems.isEmpty { return "OK: \(count) syncs" }
    let list = problems.map { "\($0.sync) \($0.problem)" }.joined(separator: "; ")
    return "CRITICAL: \(problems.count) of \(count) syncs: \(list)"
  }
}
