import Arguments
import Sync
import Reports
import Settings

/// The command `sluice errors`.
enum ErrorsCommand: SluiceCommand {
  typealias Report = ErrorsReport

  private static let showValues = Option("show-values", "Show the values of the rows as well")

  private static let runs = Option(
    "runs",
    value: .integer("N", 1...100_000),
    "Show the reasons of the last N runs: in how many of them, since when, until when"
  )

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
    options: [showValues, runs],
    examples: [
      Example("sluice errors customers --show-values", "with the rows themselves"),
      Example("sluice errors customers --runs 100", "since when is that so?"),
    ]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let (project, sync) = try context.selectedSync()
    let showsValues = context.arguments.has(showValues)
    if let count = context.arguments.value(of: runs).flatMap({ Int($0) }) {
      if showsValues {
        throw CommandFailure(.usage, "--runs shows reasons: --show-values is for the latest run")
      }
      return try await showHistory(
        of: project.stateLocation(of: sync),
        runs: count,
        context.console
      )
    }
    let report = try await StateReader(project.stateLocation(of: sync)).errors(
      showingValues: showsValues
    )
    context.console.result(report)
    if let last = report.endedEarly {
      context.console.summary("\(sync.name): \(last.earlyEnding)")
    }
    guard let run = report.run, !report.rows.isEmpty else {
      let runs = report.endedEarly == nil ? "the last run" : "the runs before it"
      context.console.summary("\(sync.name): no errors in \(runs)")
      return .done
    }
    if let last = report.endedEarly, last.number != run.number {
      let time = TimeText.local(Int64(run.startedAt / 1000))
      context.console.summary("\(sync.name): rows of the run of \(time)")
    }
    show(report, all: showsValues, context.console)
    return .done
  }

  private static func showHistory(
    of location: StateLocation,
    runs count: Int,
    _ console: Console
  ) async throws -> ExitCode {
    let report = try await StateReader(location).errors(ofLast: count)
    console.result(report)
    if report.history.isEmpty {
      console.summary("\(location.sync): no errors in the last \(count.grouped) runs")
      return .done
    }
    for problem in report.history { console.sentences(problem.lines) }
    return .done
  }

  private static func show(_ report: ErrorsReport, all: Bool, _ console: Console) {
    for group in report.problems {
      console.sentences(["\(group.kind.rawValue): \(group.count): \(group.reason.printable)"])
      let rows = report.rows.filter { $0.belongs(to: group) }
      let shown = rows.prefix(all ? rows.count : keysMax)
      for row in shown {
        console.sentences(["  \(row.line)"])
        for column in row.columns { console.result("      \(column.name): \(column.valueText)") }
      }
      let rest = group.rows - shown.count
      if rest > 0 { console.result("  and \(rest.grouped) more") }
    }
  }

  /// Keys of a group that are shown without `--show-values`.
  private static let keysMax = 10
}

extension RunRecord {
  /// How a run ended that did not go through all rows and messages.
  fileprivate var earlyEnding: String {
    if isRunning { return "a run is under way" }
    let reason = error.map { ": \($0.message)" } ?? ""
    return "the last run ended early, \(end)\(reason)".printable
  }
}

extension RecurringProblem {
  /// The reason, and below it in how many runs it was met, and when.
  fileprivate var lines: [String] {
    let since = TimeText.local(Int64(since / 1000))
    let until = TimeText.local(Int64(until / 1000))
    let span = runs == 1 ? "in 1 run, of \(since)" : "in \(runs.grouped) runs, \(since) to \(until)"
    let row = first.map { ", first row \($0)" } ?? ""
    let count = runs == 1 ? rows.rows : "\(rows.rows) in the last of them"
    return ["\(kind.rawValue): \(reason)".printable, "  \(span); \(count)\(row)".printable]
  }
}

extension UndeliveredRow {
  /// The row in one line.
  fileprivate var line: String {
    let change = change.map { "\($0.rawValue) " } ?? ""
    let row = row.map { "row \($0)" } ?? "row without a key"
    return "\(change)\(row)\(detail.map { ": \($0)" } ?? "")".printable
  }
}
