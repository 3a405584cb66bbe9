import Arguments
import Configuration
import Glibc
import Reports
import Settings
import Sync

/// The command `sluice plan drop`.
enum PlanDropCommand: SluiceCommand {
  typealias Report = DroppedPlansReport

  static let command = Command(
    "plan drop",
    "Give a pinned plan up",
    discussion: """
      Deletes the file, and lets runs begin again that it kept out (--hold). Nothing is sent. What an \
      interrupted 'sluice apply' has brought into the state is sent by the next run all the same.
      """,
    arguments: [.plan, .otherPlans],
    examples: [Example("sluice plan drop customers.plan", "it is not going to be applied")]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let plans = try await context.pinnedPlans(examining: false)
    let project = try context.load(
      Configuration.Scope(.syncs(names: plans.map(\.sync), tags: []))
    ).project
    var dropped: [DroppedPlansReport.Dropped] = []
    for plan in plans {
      let location = StateLocation(sync: plan.sync, directory: project.stateDirectory)
      let wasHolding = try location.release(plan: plan.id)
      guard unlink(plan.path) == 0 else {
        throw CommandFailure(
          .failed,
          "\(plan.path): cannot delete it: \(String(cString: strerror(errno)))"
        )
      }
      let file = plan.report.pinned?.file ?? plan.path
      dropped.append(
        DroppedPlansReport.Dropped(
          plan: plan.id,
          sync: plan.sync,
          file: file,
          wasHolding: wasHolding
        )
      )
      let hold = wasHolding ? "; runs of \(plan.sync) begin again" : ""
      context.console.summary("\(plan.sync): the plan \(plan.id) is dropped\(hold)")
    }
    context.console.result(DroppedPlansReport(dropped))
    return .done
  }
}
