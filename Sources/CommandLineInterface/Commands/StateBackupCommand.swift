import Arguments
import Sync
import Reports
import Settings

/// The command `sluice state backup`.
enum StateBackupCommand: SluiceCommand {
  typealias Report = StateBackupReport

  private static let replace = Option("replace", "Take the place of FILE if it is there")

  static let command = Command(
    "state backup",
    "Write what a sync remembers to one file",
    discussion: """
      The file is a consistent state of one moment, also while a run or another command uses the \
      state. It has mode 0600, holds values of rows as the state does, and is there whole or not at \
      all. Back states up with this command, not with cp: what a run wrote last may lie in a file beside.
      """,
    arguments: [.sync, .file],
    options: [replace],
    examples: [Example("sluice state backup customers /backup/customers.db --replace", "from cron")]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let (project, sync) = try context.selectedSync()
    let upkeep = StateUpkeep(project.stateLocation(of: sync))
    let report = try await upkeep.backUp(
      to: context.absolute(context.arguments.arguments[1]),
      isReplacing: context.arguments.has(replace)
    )
    context.console.result(report)
    if let summary = report.summary, let file = report.file {
      let size = "\(summary.bytes.grouped) bytes, \(summary.rows.grouped) rows"
      context.console.summary("\(sync.name): \(file): \(size)")
    }
    return .done
  }
}

extension Argument {
  /// The argument `FILE`.
  static let file = Argument("FILE", "Path of the backup", completion: .files)
}
