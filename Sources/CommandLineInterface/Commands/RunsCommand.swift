import Arguments
import JSON
import Settings
import Snapshot
import Values

/// The command `sluice runs`.
enum RunsCommand: SluiceCommand {
  private static let limit = Option(
    "limit",
    value: .integer("N", 1...100_000),
    "How many runs of each sync; 20 unless you say otherwise"
  )

  static let command = Command(
    "runs",
    "Show the last runs",
    arguments: [.syncs],
    options: [.tag, limit],
    examples: [Example("sluice runs customers", "the last runs, the latest first")]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let selected = try context.selectedSyncs()
    let limit = context.arguments.value(of: limit).flatMap { Int($0) } ?? 20
    var records: [(sync: String, run: StateFile.RunRecord)] = []
    for sync in selected.syncs {
      let session = try SyncSession(selected.project, sync)
      guard session.hasState else { continue }
      let state = try session.state()
      records += try await state.runs(limit: limit).map { (sync.name, $0) }
    }
    if context.console.writesJSON {
      context.console.result(
        json: .array(records.map { $0.run.value(with: [("sync", .string($0.sync))]) })
      )
      return selected.code
    }
    var table = Table([
      Table.Column("SYNC"), Table.Column("STARTED"), Table.Column("TOOK", isNumeric: true),
      Table.Column("COMMAND"), Table.Column("OUTCOME"), Table.Column("SENT", isNumeric: true),
      Table.Column("NOTE", isFlexible: true),
    ])
    for (sync, run) in records {
      table.append([
        sync, TimeText.local(Int64(run.startedAt / 1000)), run.took, run.command,
        run.outcome ?? "unfinished", run.count("sent"), run.message ?? "",
      ])
    }
    context.console.result(table)
    return selected.code
  }
}

extension StateFile.RunRecord {
  /// How long it took, empty while it runs.
  var took: String {
    finishedAt.map { Duration.microseconds($0 - startedAt).spoken } ?? ""
  }

  /// One of its counts.
  func count(_ name: String) -> String {
    guard case .object(let object)? = countsValue, case .integer(let count)? = object[name] else {
      return ""
    }
    return count.grouped
  }

  private var countsValue: Value? { counts.flatMap { try? JSONParser().parse($0) } }

  /// As `--output json` shows it.
  var value: Value { value(with: []) }

  func value(with front: [(String, Value)]) -> Value {
    .object(
      Object(
        front + [
          ("run", .string(id)), ("command", .string(command)),
          ("started_at", .string(TimeText.utc(Int64(startedAt / 1000)))),
          ("finished_at", .optional(finishedAt.map { TimeText.utc(Int64($0 / 1000)) })),
          ("outcome", .optional(outcome)), ("counts", countsValue ?? .null),
          ("message", .optional(message)),
        ]
      )
    )
  }
}
