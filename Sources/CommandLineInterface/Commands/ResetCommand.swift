import Arguments
import Sync
import Reports
import Settings

/// The command `sluice reset`.
enum ResetCommand: SluiceCommand {
  typealias Report = SyncList<ResetReport>

  private static let toCurrent = Option(
    "to-current",
    "Remember the present result without sending it, instead of forgetting everything"
  )

  static let command = Command(
    "reset",
    "Forget what was delivered",
    discussion: """
      Without --to-current the state is deleted: the next run is an initial sync. With it the \
      present result counts as delivered, and only later changes are sent. Nothing is taken out \
      of any topic.
      """,
    arguments: [.sync],
    options: [toCurrent, .freshState, .allow, .yes, .wait],
    examples: [
      Example("sluice reset customers", "the next run sends every row"),
      Example("sluice reset customers --to-current", "from now on only changes"),
    ]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let (project, sync) = try context.selectedSync(connects: context.arguments.has(toCurrent))
    if context.arguments.has(.allow), !context.arguments.has(toCurrent) {
      throw CommandFailure(
        .usage,
        "--allow needs --to-current",
        hint: "without it nothing is read, so no guard is judged"
      )
    }
    try context.confirm(
      "Forget what \(sync.name) has delivered? Type its name to continue:",
      byTyping: sync.name,
      refusal: "reset asks first, and there is no terminal"
    )
    if context.arguments.has(toCurrent) {
      let options = RunOptions(
        command: .resetToCurrent,
        allowedGuards: context.allowedGuards,
        historyRuns: project.historyRuns
      )
      let session = RunSession(
        context: context,
        project: project,
        options: options,
        wait: context.wait
      )
      return try await session.run([sync], jobs: 1)
    }
    let reset = Reset(project.stateLocation(of: sync))
    guard let report = await reset.forget(waitingUpTo: context.wait) else {
      throw CommandFailure(
        .alreadyRunning,
        "another run of this sync is in progress",
        hint: "try again later"
      )
    }
    context.console.result(SyncList([report]), error: report.error)
    if let error = report.error { throw error }
    context.console.summary("\(sync.name): forgotten; the next run is an initial sync")
    return .done
  }
}
