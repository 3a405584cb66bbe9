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
    if context.console.writesJSON {
      context.console.result(json: .array(lines.map(\.json)))
      return selected.code
    }
    var table = Table([
      Table.Column("SYNC"), Table.Column("ROWS", isNumeric: true), Table.Column("LAST RUN"),
      Table.Column("OUTCOME"), Table.Column("SCHEDULE"), Table.Column("NOTE", isFlexible: true),
    ])
    for line in lines { table.append(line.cells) }
    context.console.result(table)
    return selected.code
  }

  private struct Line {
    let sync: SyncSettings
    var summary: StateFile.Summary?
    var last: StateFile.RunRecord?
    var failure: String?

    init(_ session: SyncSession) async throws {
      sync = session.sync
      guard session.hasState else { return }
      do {
        let state = try session.state()
        summary = try await state.summary()
        last = try await state.runs(limit: 1).first
      } catch let error as CommandFailure {
        failure = error.message
      } catch {
        failure = "\(error)"
      }
    }

    var note: String {
      if let failure { return failure }
      guard let summary else { return "no state yet" }
      if summary.preparedBatches > 0 {
        return "\(summary.preparedBatches) batches wait to be sent by the next run"
      }
      if summary.isBackfilling { return "a backfill was interrupted: 'sluice backfill' goes on" }
      return last?.message ?? ""
    }

    var cells: [String] {
      [
        sync.name, summary.map { $0.rows.grouped } ?? "-",
        last.map { TimeText.local(Int64($0.startedAt / 1000)) } ?? "-",
        last.map { $0.outcome ?? "unfinished" } ?? "-", sync.schedule?.value ?? "-", note,
      ]
    }

    var json: Value {
      .object(
        Object([
          ("sync", .string(sync.name)), ("rows", summary.map { .integer($0.rows) } ?? .null),
          ("prepared_batches", summary.map { .integer($0.preparedBatches) } ?? .null),
          ("backfill_unfinished", summary.map { .bool($0.isBackfilling) } ?? .null),
          ("schedule", .optional(sync.schedule?.value)), ("last_run", last?.value ?? .null),
          ("error", .optional(failure)),
        ])
      )
    }
  }
}
