import Arguments
import Engine
import Messages
import Settings
import Snapshot
import Values

/// The command `sluice errors`.
enum ErrorsCommand: SluiceCommand {
  private static let showValues = Option("show-values", "Show the values of the rows as well")

  static let command = Command(
    "errors",
    "Show the rows that the last run could not deliver, with the reasons",
    discussion: """
      Grouped by reason, the most frequent first, with the keys of the first ten rows. \
      Invalid rows have no key of their own, rejected ones cannot be made messages or are refused \
      by the broker, failed ones were in a batch that could not be sent. Every run tries them \
      again. If the last run ended before it had found any, it is said why, and the rows of the \
      latest run that judged them are shown. At most 1,000 of a kind are kept with their values; all are counted.
      """,
    arguments: [.sync],
    options: [showValues],
    examples: [Example("sluice errors customers --show-values", "with the rows themselves")]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let (project, sync) = try context.selectedSync()
    let session = try SyncSession(project, sync)
    let state = try session.state()
    let history = try await session.history(of: state, limit: project.historyRuns)
    guard let last = history.runs.first else { return .done }
    let (judged, problems) = try await latestProblems(of: history.runs, state)
    let shapes = try await state.shapes()
    let showsValues = context.arguments.has(showValues)
    let rows = problems.map { problem -> [(name: String, json: String)] in
      guard showsValues, let line = problem.line, let shape = problem.shape.flatMap({ shapes[$0] })
      else { return [] }
      return RowText.columns(of: line, shape)
    }
    if context.console.writesJSON {
      context.console.result(json: .array(zip(problems, rows).map(value)))
      return .done
    }
    if !last.isComplete {
      context.console.summary("\(sync.name): \(last.ending(isRunning: history.isRunning))")
    }
    guard let judged, !problems.isEmpty else {
      let run = last.isComplete ? "the last run" : "the runs before it"
      context.console.summary("\(sync.name): no errors in \(run)")
      return .done
    }
    if judged.number != last.number {
      let time = TimeText.local(Int64(judged.startedAt / 1000))
      context.console.summary("\(sync.name): rows of the run of \(time)")
    }
    let groups = judged.problems.isEmpty ? grouped(problems) : judged.problems
    for group in groups {
      context.console.result("\(group.kind.rawValue): \(group.count): \(group.reason.printable)")
      let members = zip(problems, rows).filter { group.holds($0.0) }
      let shown = members.prefix(showsValues ? members.count : keysMax)
      for (problem, columns) in shown {
        context.console.result("  \(problem.rowText)")
        for column in columns { context.console.result("      \(column.name): \(column.json)") }
      }
      let rest = group.rows - shown.count
      if rest > 0 { context.console.result("  and \(rest.grouped) more") }
    }
    return .done
  }

  /// The latest run that knows something of its rows, and those that it could not deliver.
  ///
  /// Of one that ended before it had judged any, what was known before still holds.
  private static func latestProblems(
    of runs: [StateFile.RunRecord],
    _ state: StateFile
  ) async throws -> (run: StateFile.RunRecord?, problems: [Problem]) {
    for run in runs {
      let problems = try await state.problems(run: run.number)
      if run.isComplete || !problems.isEmpty { return (run, problems) }
    }
    return (nil, [])
  }

  /// Keys of a group that are shown without `--show-values`.
  private static let keysMax = 10

  /// The groups of a run that did not live to count them.
  private static func grouped(_ problems: [Problem]) -> [ProblemGroup] {
    var groups: [ProblemGroup] = []
    for problem in problems {
      if let index = groups.firstIndex(where: { $0.holds(problem) }) {
        groups[index].rows += 1
      } else {
        groups.append(
          ProblemGroup(kind: problem.kind, reason: problem.reason, rows: 1, first: problem.key)
        )
      }
    }
    return groups.sorted { $0.rows > $1.rows }
  }

  private static func value(_ problem: Problem, _ columns: [(name: String, json: String)]) -> Value
  {
    .object(
      Object([
        ("kind", .string(problem.kind.rawValue)), ("change", .optional(problem.change?.rawValue)),
        ("key", .optional(problem.key)), ("reason", .string(problem.reason)),
        ("detail", .optional(problem.detail)),
        (
          "row",
          columns.isEmpty
            ? .null : .object(Object(columns.map { ($0.name, RowText.value($0.json)) }))
        ),
      ])
    )
  }
}

extension ProblemGroup {
  fileprivate func holds(_ problem: Problem) -> Bool {
    problem.kind == kind && problem.reason == reason
  }
}

extension StateFile.RunRecord {
  /// Whether it went through all rows and messages.
  fileprivate var isComplete: Bool {
    outcome == RunReport.Outcome.done.rawValue
      || outcome == RunReport.Outcome.doneWithProblems.rawValue
  }

  /// How it ended, for one that is not complete.
  fileprivate func ending(isRunning: Bool) -> String {
    if outcome == nil, isRunning { return "a run is under way" }
    let reason = message.map { ": \($0)" } ?? ""
    return "the last run ended early, \(end(isRunning: false))\(reason)".printable
  }
}

extension Problem {
  /// The row in one line.
  fileprivate var rowText: String {
    let change = change.map { "\($0.rawValue) " } ?? ""
    let row = key.map { "row \($0)" } ?? "row without a key"
    return "\(change)\(row)\(detail.map { ": \($0)" } ?? "")".printable
  }
}
