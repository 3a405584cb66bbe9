import Reports
import Synchronization

/// Knows what was last said of each sync, so that a loop does not say the same every few seconds.
final class RepeatedReports: Sendable {
  private struct Told: Equatable {
    let outcome: RunReport.Outcome
    let error: String?
    let problems: [String]
  }

  private let told = Mutex<[String: Told]>([:])

  /// Whether `report` says what the last one of its sync did not: another end, other reasons, or
  /// messages.
  func isNews(_ report: RunReport) -> Bool {
    let new = Told(
      outcome: report.outcome,
      error: report.error?.message,
      problems: report.problems.map(\.reason).sorted()
    )
    return told.withLock { told in
      let isNew = told.updateValue(new, forKey: report.sync) != new
      return isNew || report.counts.sent > 0
    }
  }
}
