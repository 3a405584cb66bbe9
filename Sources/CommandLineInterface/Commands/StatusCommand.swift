import Arguments
import Sync
import Reports
import Settings

/// The command `sluice status`.
enum StatusCommand: SluiceCommand {
  typealias Report = SyncList<StatusReport>

  static let command = Command(
    "status",
    "Show one line a sync: what it remembers, how its last run ended",
    arguments: [.syncs],
    options: [.tag],
    examples: [Example("sluice status", "all syncs")]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let selected = try context.selectedSyncs()
    var reports: [StatusReport] = []
    for sync in selected.syncs {
      let reader = StateReader(selected.project.stateLocation(of: sync))
      reports.append(await reader.status(schedule: sync.schedule?.value))
    }
    context.console.result(SyncList(reports))
    var table = Table([
      Table.Column("SYNC"), Table.Column("ROWS", isNumeric: true), Table.Column("LAST RUN"),
      Table.Column("OUTCOME"), Table.Column("SCHEDULE"), Table.Column("NOTE", isFlexible: true),
    ])
    for report in reports { table.append(report.cells) }
    context.console.result(table)
    for error in reports.compactMap(\.error) { context.console.report(CommandFailure(error)) }
    let unreadable: [ExitCode] = reports.contains { $0.error != nil } ? [.failed] : []
    return ExitCode.gravest(of: unreadable + [selected.code])
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
