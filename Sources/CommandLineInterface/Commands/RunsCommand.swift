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
    var entries: [Entry] = []
    var code = selected.code
    for sync in selected.syncs {
      do {
        entries += try await Self.entries(SyncSession(selected.project, sync), limit)
      } catch let failure as CommandFailure {
        context.console.report(failure)
        code = ExitCode.gravest(of: [code, failure.code])
      }
    }
    if context.console.writesJSON {
      context.console.result(json: .array(entries.map(\.json)))
      return code
    }
    var table = Table([
      Table.Column("SYNC"), Table.Column("STARTED"), Table.Column("TOOK", isNumeric: true),
      Table.Column("COMMAND"), Table.Column("OUTCOME"), Table.Column("SENT", isNumeric: true),
      Table.Column("NOTE", isFlexible: true),
    ])
    for entry in entries { table.append(entry.cells) }
    context.console.result(table)
    return code
  }

  private static func entries(_ session: SyncSession, _ limit: Int) async throws -> [Entry] {
    guard let state = try session.stateIfAny() else { return [] }
    let history = try await session.history(of: state, limit: limit)
    return history.runs.enumerated().map { index, run in
      Entry(sync: session.sync.name, run: run, isRunning: index == 0 && history.isRunning)
    }
  }

  private struct Entry {
    let sync: String
    let run: StateFile.RunRecord
    let isRunning: Bool

    var cells: [String] {
      [
        sync, TimeText.local(Int64(run.startedAt / 1000)), run.took, run.command,
        run.end(isRunning: isRunning), run.count("sent"), run.note(of: sync),
      ]
    }

    var json: Value {
      run.value(with: [("sync", .string(sync))], isRunning: isRunning)
    }
  }
}

extension StateFile.RunRecord {
  /// Its error, and why rows of it were not delivered.
  func note(of sync: String) -> String {
    [message, problems.sentence(of: sync)].compactMap(\.self).joined(separator: "; ")
  }

  /// How it ended; `running` while it runs, and `interrupted` if it was killed.
  func end(isRunning: Bool) -> String {
    outcome ?? (isRunning ? "running" : "interrupted")
  }

  /// How long it took, empty while it runs and if it was killed.
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
  func value(with front: [(String, Value)] = [], isRunning: Bool) -> Value {
    .object(
      Object(
        front + [
          ("run", .string(id)), ("command", .string(command)),
          ("started_at", .string(TimeText.utc(Int64(startedAt / 1000)))),
          ("finished_at", .optional(finishedAt.map { TimeText.utc(Int64($0 / 1000)) })),
          ("outcome", .string(end(isRunning: isRunning))), ("counts", countsValue ?? .null),
          ("problems", problems.value),
          ("message", .optional(message)),
        ]
      )
    )
  }
}
