public import Values

/// The history of runs.
public struct RunsReport: CommandReport {
  /// The runs, sync by sync, the latest first.
  public var runs: [RunRecord]

  /// Lists `runs`.
  public init(_ runs: [RunRecord]) {
    self.runs = runs
  }

  /// Without a run.
  public init() {
    self.init([])
  }

  /// The members of the document.
  public var members: [(String, Value)] { [("runs", .array(runs.map(\.json)))] }
}
