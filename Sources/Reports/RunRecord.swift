public import Values

/// One run as a state remembers it; the last one may be under way.
public struct RunRecord: Sendable {
  /// Number, growing; 0 if the state has none for it.
  public var number: Int
  /// Name of the sync; empty until the reader of the state fills it in.
  public var sync: String
  /// Identity, as messages carry it; empty if the run did not begin.
  public var id: String
  /// The command that started it.
  public var command: String
  /// Microseconds since 1970.
  public var startedAt: Int
  /// Microseconds since 1970; nil while it runs, or after it was killed.
  public var finishedAt: Int?
  /// How it ended, nil while it runs, or after it was killed.
  public var outcome: String?
  /// Its error, if there was one.
  public var error: RunError?
  /// What it counted, nil while it runs, or after it was killed.
  public var counts: RunCounts?
  /// Rows that were not delivered, by reason, most rows first.
  public var problems: [ProblemGroup]
  /// What the tests on the rows of its model found; the history does not keep it.
  public var tests: [RowTestReport] = []
  /// Whether it is under way.
  public var isRunning = false

  /// Describes a run.
  public init(
    number: Int = 0,
    sync: String = "",
    id: String,
    command: String,
    startedAt: Int,
    finishedAt: Int? = nil,
    outcome: String? = nil,
    error: RunError? = nil,
    counts: RunCounts? = nil,
    problems: [ProblemGroup] = []
  ) {
    self.number = number
    self.sync = sync
    self.id = id
    self.command = command
    self.startedAt = startedAt
    self.finishedAt = finishedAt
    self.outcome = outcome
    self.error = error
    self.counts = counts
    self.problems = problems
  }

  /// How it ended; `running` while it runs, and `interrupted` if it was killed.
  public var end: String { outcome ?? (isRunning ? "running" : "interrupted") }

  /// Whether it went through all rows and messages.
  public var isComplete: Bool {
    outcome.flatMap(RunReport.Outcome.init(rawValue:))?.isComplete ?? false
  }

  /// A run, as every document shows one.
  public var json: Value {
    .object([
      ("sync", .known(sync)), ("run", .known(id)), ("command", .string(command)),
      ("outcome", .string(end)), ("started_at", .string(ReportTime.utc(microseconds: startedAt))),
      ("finished_at", .optional(finishedAt.map { ReportTime.utc(microseconds: $0) })),
      ("counts", counts?.json ?? .null), ("problems", .array(problems.map(\.json))),
      ("guards", .array((error?.guards ?? []).map(\.json))),
      ("tests", .array(tests.map(\.json))), ("error", error?.json ?? .null),
    ])
  }
}
