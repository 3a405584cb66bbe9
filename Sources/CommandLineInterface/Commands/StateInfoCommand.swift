import Arguments
import Sync
import Reports
import Settings
import Values

/// The command `sluice state info`.
enum StateInfoCommand: SluiceCommand {
  typealias Report = StateReport

  static let command = Command(
    "state info",
    "Show what a state file holds",
    arguments: [.sync],
    examples: [Example("sluice state info customers", "rows, size, cluster, source")]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let (project, sync) = try context.selectedSync()
    let report = try await StateReader(project.stateLocation(of: sync)).info()
    context.console.result(report)
    var table = Table([Table.Column("WHAT"), Table.Column("VALUE", isFlexible: true)])
    for (name, value) in report.members where name != "sync" {
      if case .string(let text) = value {
        table.append([name, text])
      } else {
        table.append([name, value.jsonText])
      }
    }
    context.console.result(table)
    return .done
  }
}
