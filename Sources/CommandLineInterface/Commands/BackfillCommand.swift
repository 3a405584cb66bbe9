import Arguments
import Sync
import Reports
import Settings

/// The command `sluice backfill`.
enum BackfillCommand: SluiceCommand {
  typealias Report = SyncList<RunReport>

  private static let restart = Option(
    "restart",
    "Begin again instead of continuing a backfill that was interrupted"
  )

  static let command = Command(
    "backfill",
    "Send every row again",
    discussion: """
      Sends every row of the present result as added, with the header 'backfill'. Removals wait \
      for the next run. Progress is kept: a backfill that was interrupted is finished by the next.
      """,
    arguments: [.sync],
    options: [restart, .allow, .wait, .freshState],
    examples: [
      Example("sluice backfill customers", "after a topic was emptied or a template changed")
    ]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let (project, sync) = try context.selectedSync(connects: true)
    let options = RunOptions(
      command: .backfill,
      allowedGuards: context.allowedGuards,
      restartsBackfill: context.arguments.has(restart),
      historyRuns: project.historyRuns,
      historyMessages: project.historyMessages
    )
    let session = RunSession(
      context: context,
      project: project,
      options: options,
      wait: context.wait
    )
    return try await session.run([sync], jobs: 1)
  }
}
