import Arguments
import Settings
import Snapshot
import Values

/// The command `sluice status`.
enum StatusCommand: SluiceCommand {
  static let command = Command(
    "status",
    "Show one line a sync: what it remembers, how its last run ended",
    arguments: [.syncs],
    options: [.tag],
    examples: [Example("sluice status", "all syncs")]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let selected = try context.selectedSyncs()
    var lines: [Line] = []
    for sync in selected.syncs {
      lines.append(try await Line(SyncSession(selected.project, sync)))
    }
    defer {
      for line in lines { if let failure = line.failure { context.console.report(failure) } }
    }
    let unreadable: [ExitCode] = lines.contains { $0.failure != nil } ? [.failed] : []
    let code = ExitCode.gravest(of: unreadable + [selected.code])
    if context.console.writesJSON {
      context.console.result(json: .array(lines.map(\.json)))
      return code
    }
    var table = Table([
      Table.Column("SYNC"), Table.Column("ROWS", isNumeric: true), Table.Column("LAST RUN"),
      Table.Column("OUTCOME"), Table.Column("SCHEDULE"), Table.Column("NOTE", isFlexible: true),
    ])
    for line in lines { table.append(line.cells) }
    context.console.result(table)
    return code
  }

  private struct Line {
    let sync: SyncSettings
    var summary: StateFile.Summary?
    var last: StateFile.RunRecord?
    var isRunning = false
    var failure: CommandFailure?

    init(_ session: SyncSession) async throws {
      sync = session.sync
      do {
        guard let state = try session.stateIfAny() else { return }
        let history = try await session.history(of: state, limit: 1)
        last = history.runs.first
        isRunning = history.isRunning
        summary = try await session.reading { try await state.summary() }
      } catch let error as CommandFailure {
        failure = error
      }
    }

    var note: String {
      if let failure { return failure.message ?? "" }
      guard let summary else { return "no state yet" }
      let notes = [unfinished(summary), last?.note(of: sync.name)]
      return notes.compactMap(\.self).filter { !$0.isEmpty }.joined(separator: "; ")
    }

    /// What is not finished, by this run or by an earlier one.
    private func unfinished(_ summary: StateFile.Summary) -> String? {
      if summary.preparedBatches > 0 {
        return isRunning
          ? "\(summary.preparedBatches) batches are being sent"
          : "\(summary.preparedBatches) batches wait to be sent by the next run"
      }
      if summary.isBackfilling, !isRunning {
        return "a backfill was interrupted: 'sluice backfill \(sync.name)' continues it"
      }
      return nil
    }

    /// Since when it runs, or how the last run ended.
    var outcome: String {
      guard let last else { return "-" }
      let started = TimeText.local(Int64(last.startedAt / 1000))
      return isRunning ? "running since \(started)" : last.end(isRunning: false)
    }

    var cells: [String] {
      [
        sync.name, summary.map { $0.rows.grouped } ?? "-",
        last.map { TimeText.local(Int64($0.startedAt / 1000)) } ?? "-",
        outcome, sync.schedule?.value ?? "-", note,
      ]
    }

    var json: Value {
      .object(
        Object([
          ("sync", .string(sync.name)), ("rows", summary.map { .integer($0.rows) } ?? .null),
          ("prepared_batches", summary.map { .integer($0.preparedBatches) } ?? .null),
          ("backfill_unfinished", summary.map { .bool($0.isBackfilling) } ?? .null),
          ("schedule", .optional(sync.schedule?.value)),
          ("last_run", last?.value(isRunning: isRunning) ?? .null),
          ("error", .optional(failure?.message)),
        ])
      )
    }
  }
}
