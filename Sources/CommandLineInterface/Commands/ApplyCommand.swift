import Arguments
import Blocking
import Reports
import Settings
import Sync

/// The command `sluice apply`.
enum ApplyCommand: SluiceCommand {
  typealias Report = SyncList<RunReport>

  private static let maxAge = Option(
    "max-age",
    value: .duration,
    "Refuse a plan that was made longer ago"
  )

  static let command = Command(
    "apply",
    "Send exactly what a plan pinned",
    discussion: """
      Sends the messages that 'sluice plan --save' pinned, byte for byte and once, without asking \
      the source. It refuses, and says what moved, if since then a row entered, changed in or left what was \
      delivered, something waits to be sent, or the cluster, a topic or its partitions are others. \
      A run that found no change moves nothing.

      Before the first message leaves, all of them are in the state: if it is interrupted, apply or the \
      next run sends the rest.
      """,
    arguments: [.plan, .otherPlans],
    options: [maxAge, .allow, .wait],
    examples: [
      Example("sluice apply customers.plan", "after somebody has looked at it"),
      Example("sluice apply customers.plan --max-age 24h", "only if it is of today"),
      Example("sluice apply customers.plan --allow max_removed", "lets a guard pass, once"),
    ]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let plans = try await context.pinnedPlans(examining: true)
    try checkAge(of: plans, context)
    var bySync: [String: PinnedPlan] = [:]
    for plan in plans where bySync.updateValue(plan, forKey: plan.sync) != nil {
      throw CommandFailure(
        .usage,
        "there are two plans of \(plan.sync)",
        hint: "the first one that is applied makes the other one stale"
      )
    }
    let selected = try context.selectedSyncs(named: plans.map(\.sync), connects: true)
    let project = selected.project
    var session = RunSession(
      context: context,
      project: project,
      options: RunOptions(
        command: .apply,
        allowedGuards: context.allowedGuards,
        historyRuns: project.historyRuns,
        historyMessages: project.historyMessages
      ),
      wait: context.wait
    )
    session.plans = bySync
    return try await session.run(selected.syncs, jobs: 1, unreadable: selected)
  }

  private static func checkAge(
    of plans: [PinnedPlan],
    _ context: CommandContext
  ) throws(CommandFailure) {
    guard let text = context.arguments.value(of: maxAge), let most = DurationText.parse(text)
    else { return }
    for pinned in plans.compactMap(\.report.pinned) {
      let age = Duration.microseconds(WallClock.microseconds()) - .microseconds(pinned.madeAt)
      if age <= most { continue }
      throw CommandFailure(
        .failed,
        "the plan \(pinned.plan) is \(age.spoken) old, more than --max-age \(text); nothing was sent",
        hint: "plan again, or apply it without --max-age"
      )
    }
  }
}
