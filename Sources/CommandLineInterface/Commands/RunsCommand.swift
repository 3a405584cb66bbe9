import Arguments
import Sync
import Reports
import Settings

/// The command `sluice runs`.
enum RunsCommand: SluiceCommand {
  typealias Report = RunsReport

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
    var runs: [RunRecord] = []
    var code = selected.code
    for sync in selected.syncs {
      let reader = StateReader(selected.project.stateLocation(of: sync))
      do throws(RunError) {
        runs += try await reader.runs(limit: limit)
      } catch {
        // One state that cannot be read does not hide the others.
        let failure = CommandFailure(error)
        context.console.report(failure)
        context.console.note(error, in: reader.location.path)
        code = ExitCode.gravest(of: [code, failure.code])
      }
    }
    context.console.result(RunsReport(runs))
    var table = Table([
      Table.Column("SYNC"), Table.Column("STARTED"), Table.Column("TOOK", isNumeric: true),
      Table.Column("COMMAND"), Table.Column("OUTCOME"), Table.Column("SENT", isNumeric: true),
      Table.Column("NOTE", isFlexible: true),
    ])
    for run in runs { table.append(run.cells) }
    context.console.result(table)
    return code
  }
}

extension RunRecord {
  fileprivate var cells: [String] {
    [
      sync, TimeText.local(Int64(startedAt / 1000)), took, command, end,
      counts?.sent.grouped ?? "", note,
    ]
  }

  /// Its error, and why rows of it were not delivered.
  var note: String {
    [error?.message, problems.sentence(of: sync)].compactMap(\.self).joined(separator: "; ")
  }

  /// How long it took, empty while it runs and if it was killed.
  private var took: String {
    finishedAt.map { Duration.microseconds($0 - startedAt).spoken } ?? ""
  }
}
