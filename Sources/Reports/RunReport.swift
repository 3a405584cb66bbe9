public import Values

/// What became of one run of one sync.
public struct RunReport: SyncReport {
  /// How a run ended.
  public enum Outcome: String, Sendable, Hashable, CaseIterable {
    /// Everything is delivered.
    case done
    /// Done, but some rows are invalid or rejected.
    case doneWithProblems = "done_with_problems"
    /// A guard stopped it before its first message.
    case stoppedByGuard = "stopped_by_guard"
    /// It failed; what was acknowledged is committed.
    case failed
    /// The configuration or the model is wrong.
    case misconfigured
    /// A signal ended it.
    case interrupted
    /// Another run of this sync was under way.
    case alreadyRunning = "already_running"
    /// Another run of this sync was under way, and the caller wanted no more than that.
    case skipped

    /// Whether the run went through all rows and messages.
    public var isComplete: Bool { self == .done || self == .doneWithProblems }
  }

  /// Name of the sync.
  public var sync: String
  /// Identity of the run; empty if it did not begin.
  public var runID: String
  /// What was asked for, as in `run` or `reset --to-current`.
  public var command: String
  /// Microseconds since 1970.
  public var startedAt: Int
  /// Microseconds since 1970.
  public var finishedAt: Int
  /// How it ended.
  public var outcome: Outcome
  /// What was counted.
  public var counts: RunCounts
  /// Rows that were not delivered, by reason, most rows first.
  public var problems: [ProblemGroup]
  /// What the tests on the rows of its model found, in their order.
  public var tests: [RowTestReport] = []
  /// Why it did not end well.
  public var error: RunError?

  /// Creates a report.
  public init(
    sync: String,
    runID: String = "",
    command: String = "run",
    startedAt: Int,
    finishedAt: Int,
    outcome: Outcome,
    counts: RunCounts = RunCounts(),
    problems: [ProblemGroup] = [],
    error: RunError? = nil
  ) {
    self.sync = sync
    self.runID = runID
    self.command = command
    self.startedAt = startedAt
    self.finishedAt = finishedAt
    self.outcome = outcome
    self.counts = counts
    self.problems = problems
    self.error = error
  }

  /// A run, as every document shows one.
  public var json: Value {
    var record = RunRecord(
      sync: sync,
      id: runID,
      command: command,
      startedAt: startedAt,
      finishedAt: finishedAt,
      outcome: outcome.rawValue,
      error: error,
      counts: counts,
      problems: problems
    )
    record.tests = tests
    return record.json
  }
}

extension RunReport.Outcome {
  /// The end that an error brings.
  public init(_ code: RunError.Code) {
    self =
      switch code {
      case .failed: .failed
      case .configuration: .misconfigured
      case .stoppedByGuard: .stoppedByGuard
      case .interrupted: .interrupted
      case .held: .alreadyRunning
      }
  }
}
