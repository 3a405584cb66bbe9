internal import Reports

/// What happened to a sync, for the rules to judge.
struct AlertObservation: Sendable {
  /// The sync.
  var subject: AlertSubject
  /// What became of its run.
  var run: RunReport
  /// Complete runs before it, the latest first; needed only by rules that compare.
  var earlier: [RunRecord]

  /// Describes what happened.
  init(_ subject: AlertSubject, _ run: RunReport, earlier: [RunRecord] = []) {
    self.subject = subject
    self.run = run
    self.earlier = earlier
  }
}
