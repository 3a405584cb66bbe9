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

  private static let limit = Option(
    "limit",
    value: .integer("N", 1...Int.max),
    "Only the first N rows of the result, or of those whose message differs"
  )

  static let command = Command(
    "backfill",
    "Send every row again, or some",
    discussion: """
      Sends every row of the present result as added, with the header 'backfill'. Removals wait \
      for the next run. Progress is kept: a backfill that was interrupted is finished by the next. \
      'sluice plan --backfill' shows first what would be sent.

      With --where, --key, --keys or --limit only some rows are sent, and nothing is said of the \
      others: it finishes no whole backfill and begins none.

      With --changed-messages only rows are sent whose message under today's settings (topic, key, \
      headers, message, partials) differs from the one that those settings make of it which made its \
      last message. What a changed model does to messages is not compared. Rows that are new or \
      changed are left to the next run.
      """,
    arguments: [.syncs],
    options: [
      .tag, restart, .changedMessages, .condition, .rowKey, .rowKeys, limit, .allow, .wait,
      .freshState,
    ],
    examples: [
      Example("sluice backfill customers", "after a topic was emptied or a template changed"),
      Example(
        "sluice backfill customers --where \"updated_at >= '2026-01-31'\"",
        "those that a consumer lost that day"
      ),
      Example("sluice backfill customers --changed-messages", "after a template or header changed"),
      Example("sluice backfill --tag crm --limit 10", "tries the first rows of several syncs"),
    ]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    if context.arguments.arguments.isEmpty, !context.arguments.has(.tag) {
      throw CommandFailure(
        .usage,
        "SYNC is missing",
        hint: "name the syncs to send again, or say --tag TAG"
      )
    }
    let part = try context.rowPart()
    let limit = context.arguments.value(of: limit).flatMap { Int($0) }
    if context.arguments.has(restart), part != nil || limit != nil {
      throw CommandFailure(.usage, "--restart is for a whole backfill, not for some rows")
    }
    let selected = try context.selectedSyncs(connects: true, notifies: true)
    let project = selected.project
    var options = RunOptions(
      command: .backfill,
      limit: limit,
      allowedGuards: context.allowedGuards,
      restartsBackfill: context.arguments.has(restart),
      historyRuns: project.historyRuns,
      historyMessages: project.historyMessages
    )
    options.part = part
    let session = RunSession(
      context: context,
      project: project,
      options: options,
      wait: context.wait
    )
    return try await session.run(selected.syncs, jobs: 1, unreadable: selected)
  }
}
