import Arguments
import Settings
import Snapshot
import Values

/// The command `sluice state info`.
enum StateInfoCommand: SluiceCommand {
  static let command = Command(
    "state info",
    "Show what a state file holds",
    arguments: [.sync],
    examples: [Example("sluice state info customers", "rows, size, cluster, source")]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let (project, sync) = try context.selectedSync()
    let session = try SyncSession(project, sync)
    let state = try session.state()
    let summary = try await state.summary()
    let facts: [(String, Value)] = [
      ("path", .string(session.statePath)), ("id", .optional(try await state.value(.id))),
      ("format", .integer(summary.format)), ("bytes", .integer(summary.bytes)),
      ("rows", .integer(summary.rows)), ("dead_rows", .integer(summary.deadRows)),
      ("segments", .integer(summary.segments)),
      ("prepared_batches", .integer(summary.preparedBatches)),
      ("backfill_unfinished", .bool(summary.isBackfilling)),
      ("primary_key", .optional(try await state.value(.primaryKey))),
      ("cluster", .optional(try await state.value(.cluster))),
      ("source", .optional(try await state.value(.source))),
    ]
    if context.console.writesJSON {
      context.console.result(json: .object(Object(facts)))
      return .done
    }
    var table = Table([Table.Column("WHAT"), Table.Column("VALUE", isFlexible: true)])
    for (name, value) in facts {
      if case .string(let text) = value {
        table.append([name, text])
      } else {
        table.append([name, value.json])
      }
    }
    context.console.result(table)
    return .done
  }
}
