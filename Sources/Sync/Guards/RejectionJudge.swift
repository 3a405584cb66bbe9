internal import Reports
internal import Settings

/// Judges the rows that a run rejects while it sends.
struct RejectionJudge {
  let run: SyncRun
  let intent: ScanIntent

  /// The most rows that may be rejected; nil for any number.
  var most: Int? {
    if intent.guards.allowed.contains(.maxRejected) { return nil }
    return MaxRejected(limit: run.sync.guards[.maxRejected]).most(figures)
  }

  /// Why the run ends; nil if it may continue.
  var stop: RunError? {
    guard let hit = intent.guards.hits(figures, among: [.maxRejected]).first else { return nil }
    let reason = rejections.first?.reason
    return RunError(rejected: hit, reason: reason, sync: run.sync, run.options)
  }

  private var rejections: [ProblemGroup] { run.problems.groups.filter { $0.kind == .rejected } }

  private var figures: GuardFigures {
    var figures = intent.figures
    figures.rejected = run.progress.counts.rejected
    figures.rejectedExamples = Array(rejections.compactMap(\.first).prefix(3))
    return figures
  }
}
