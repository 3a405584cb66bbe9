import Arguments
import Blocking
import Sync
import Reports
import Settings

/// The command `sluice status`.
enum StatusCommand: SluiceCommand {
  typealias Report = SyncList<StatusReport>

  private static let check = Option(
    "check",
    "Say in one line whether all is well, and end with 1 if it is not"
  )
  private static let maxAge = Option(
    "max-age",
    value: .duration,
    "With --check: how long ago the last success of each sync may be"
  )

  static let command = Command(
    "status",
    "Show one line a sync: what it remembers, how its last run ended",
    discussion: """
      With --check it is one line for monitoring, such as Nagios or a probe of Kubernetes: a sync is \
      not well if its last run failed, was stopped or did not end, if work of it waits, or with \
      --max-age if it has not succeeded for so long. A run that is under way is not judged. Nothing is \
      written, and no source or broker is asked.
      """,
    arguments: [.syncs],
    options: [.tag, check, maxAge],
    examples: [
      Example("sluice status", "all syncs"),
      Example("sluice status --check --max-age 15m", "for monitoring"),
    ]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let age = context.arguments.value(of: maxAge).flatMap(DurationText.parse)
    let isCheck = context.arguments.has(check)
    if age != nil, !isCheck { throw CommandFailure(.usage, "--max-age is for --check") }
    let selected = try context.selectedSyncs()
    var reports: [StatusReport] = []
    for sync in selected.syncs {
      let reader = StateReader(selected.project.stateLocation(of: sync))
      reports.append(await reader.status(schedule: sync.schedule?.value))
    }
    if isCheck { return judge(reports, age: age, selected, console: context.console) }
    context.console.result(SyncList(reports))
    var table = Table([
      Table.Column("SYNC"), Table.Column("ROWS", isNumeric: true), Table.Column("LAST RUN"),
      Table.Column("OUTCOME"), Table.Column("SCHEDULE"), Table.Column("NOTE", isSentence: true),
    ])
    for report in reports { table.append(report.cells) }
    context.console.result(table)
    for error in reports.compactMap(\.error) { context.console.report(CommandFailure(error)) }
    let unreadable: [ExitCode] = reports.contains { $0.error != nil } ? [.failed] : []
    return ExitCode.gravest(of: unreadable + [selected.code])
  }

  /// Says in one line what is wrong.
  private static func judge(
    _ reports: [StatusReport],
    age: Duration?,
    _ selected: CommandContext.SelectedSyncs,
    console: Console
  ) -> ExitCode {
    let judge = StatusCheck(maxAge: age, now: WallClock.microseconds())
    var problems: [(sync: String, problem: String)] = []
    for report in reports {
      guard let problem = judge.problem(report) else { continue }
      problems.append((report.sync, problem))
    }
    console.result(SyncList(reports))
    let unread = selected.unreadable.map { (sync: $0, problem: "has files with errors") }
    console.result(StatusCheck.line(problems + unread, of: reports.count + unread.count))
    return ExitCode.gravest(of: [problems.isEmpty ? .done : .failed, selected.code])
  }
}

extension StatusReport {
  fileprivate var cells: [String] {
    [
      sync, summary.map { $0.rows.grouped } ?? "-",
      lastRun.map { TimeText.local(Int64($0.startedAt / 1000)) } ?? "-",
      outcome, schedule ?? "-", note,
    ]
  }

  private var note: String {
    if let error { return error.message }
    guard let summary else { return "no state yet" }
    let notes = [unfinished(summary), lastRun?.note]
    return notes.compactMap(\.self).filter { !$0.isEmpty }.joined(separator: "; ")
  }

  private var isRunning: Bool { lastRun?.isRunning ?? false }

  /// What is not finished, by this run or by an earlier one.
  private func unfinished(_ summary: StateSummary) -> String? {
    if summary.preparedBatches > 0 {
      return isRunning
        ? "\(summary.preparedBatches) batches are being sent"
        : "\(summary.preparedBatches) batches wait to be sent by the next run"
    }
    if summary.isBackfilling, !isRunning {
      return "a backfill was interrupted: 'sluice backfill \(sync)' continues it"
    }
    return nil
  }

  /// Since when it runs, or how the last run ended.
  private var outcome: String {
    guard let lastRun else { return "-" }
    let started = TimeText.local(Int64(lastRun.startedAt / 1000))
    return isRunning ? "running since \(started)" : lastRun.end
  }
}
