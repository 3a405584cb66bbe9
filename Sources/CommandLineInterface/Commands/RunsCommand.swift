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

  private static let runID = Option(
    "run",
    value: .text("RUN"),
    "Show all that is known of this run; its name is in 'sluice runs' and in messages"
  )

  static let command = Command(
    "runs",
    "Show the last runs, or one of them in full",
    arguments: [.syncs],
    options: [.tag, limit, runID],
    examples: [
      Example("sluice runs customers", "the last runs, the latest first"),
      Example("sluice runs --run run_0123456789abc", "one run, with all counts and reasons"),
    ]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let selected = try context.selectedSyncs()
    let wanted = context.arguments.value(of: runID)
    if wanted != nil, context.arguments.has(limit) {
      throw CommandFailure(.usage, "--run shows one run: --limit says nothing of it")
    }
    let limit =
      context.arguments.value(of: limit).flatMap { Int($0) } ?? (wanted == nil ? 20 : .max)
    var runs: [RunRecord] = []
    var code = selected.code
    for sync in selected.syncs {
      let reader = StateReader(selected.project.stateLocation(of: sync))
      do throws(RunError) {
        runs += try await reader.runs(limit: limit).filter { wanted == nil || $0.id == wanted }
      } catch {
        // One state that cannot be read does not hide the others.
        let failure = CommandFailure(error)
        context.console.report(failure)
        context.console.note(error, in: reader.location.path)
        code = ExitCode.gravest(of: [code, failure.code])
      }
    }
    context.console.result(RunsReport(runs))
    if let wanted {
      return try show(wanted, of: runs, code: code, console: context.console)
    }
    // A narrow terminal has room for what happened, not for names.
    let showsNames = context.console.resultWidth.map { $0 >= Self.namesWidth } ?? true
    var table = Table(
      [Table.Column("SYNC")] + (showsNames ? [Table.Column("RUN")] : []) + [
        Table.Column("STARTED"), Table.Column("TOOK", isNumeric: true), Table.Column("COMMAND"),
        Table.Column("OUTCOME"), Table.Column("SENT", isNumeric: true),
        Table.Column("NOTE", isSentence: true),
      ]
    )
    for run in runs {
      table.append([run.sync] + (showsNames ? [run.id] : []) + run.cells)
    }
    context.console.result(table)
    return code
  }
}

extension RunsCommand {
  /// From so many columns on, the table has the names of runs.
  private static let namesWidth = 110

  /// Shows the run with the identity `wanted`, which is all of `runs`.
  private static func show(
    _ wanted: String,
    of runs: [RunRecord],
    code: ExitCode,
    console: Console
  ) throws(CommandFailure) -> ExitCode {
    guard let run = runs.first else {
      if code != .done { return code }
      throw CommandFailure(
        .configuration,
        "unknown run '\(wanted.printable)'",
        kind: .unknownName,
        hint: "'sluice runs' lists the runs; older ones are forgotten, see `history`"
      )
    }
    console.sentences(run.lines)
    let look = "its messages: `sluice messages \(run.sync) --run \(run.id)`"
    console.log(LogEvent(.info, name: "run-hint", message: look))
    return code
  }
}

extension RunRecord {
  fileprivate var cells: [String] {
    [
      TimeText.local(Int64(startedAt / 1000)), took, command, end, counts?.sent.grouped ?? "",
      note,
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
