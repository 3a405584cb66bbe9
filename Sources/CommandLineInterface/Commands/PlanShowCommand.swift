import Arguments
import Reports
import Settings
import Sync

/// The command `sluice plan show`.
enum PlanShowCommand: SluiceCommand {
  typealias Report = PlansReport

  static let command = Command(
    "plan show",
    "Show a pinned plan",
    discussion: """
      Shows what 'sluice plan --save' pinned, as it was shown then: the file alone is read, no project, no \
      source and no cluster is needed. It ends as the plan did: 0, 2 or 3.
      """,
    arguments: [.plan, .otherPlans],
    options: [PlanCommand.redact, PlanCommand.messages, PlanCommand.exitCode, PlanCommand.output],
    examples: [
      Example("sluice plan show customers.plan", "before it is applied"),
      Example("sluice plan show customers.plan --output markdown --redact", "for a pull request"),
    ]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let isWhole = context.arguments.has(PlanCommand.messages)
    let isRedacted = context.arguments.has(PlanCommand.redact)
    let reports = try await context.pinnedPlans(examining: true).map { plan in
      isRedacted ? plan.report.withoutValues : plan.report
    }
    for report in reports { PlanCommand.show(report, isWhole: isWhole, context.console) }
    if let total = reports.summary {
      context.console.result(context.console.paintResult(total, "1"))
    }
    context.console.result(PlansReport(reports, showsMessages: isWhole))
    let code = ExitCode.gravest(of: reports.map { ExitCode($0.outcome) })
    return context.arguments.has(PlanCommand.exitCode) ? reports.code(besides: code) : code
  }
}
