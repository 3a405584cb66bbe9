import Arguments
import Sync
import Reports
import Settings

/// The command `sluice inspect`.
enum InspectCommand: SluiceCommand {
  typealias Report = InspectReport

  private static let key = Option(
    "key",
    value: .text("KEY"),
    "Primary key of the row; of several columns 'a,b' or the JSON array '[\"a\",\"b\"]'"
  )

  static let command = Command(
    "inspect",
    "Show one row all the way to its message",
    discussion: """
      Shows the row's values with their types, what the snapshot holds of it, what templates see, \
      the message (topic, partition, key, headers, body), and whether the next run would send it, \
      and why or why not. Without --key it is the first row of the result.

      Nothing is sent or remembered; it can be used while a run is under way. If no broker answers \
      within 5 s it says so and shows all but the partition. Guards are judged over the whole \
      result: 'sluice plan' does that.
      """,
    arguments: [.sync],
    options: [key],
    examples: [
      Example("sluice inspect customers", "the first row"),
      Example("sluice inspect customers --key 42", "why did row 42 not arrive?"),
    ]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let (project, sync) = try context.selectedSync(connects: true)
    let session = try SyncSession(project, sync)
    let run = SyncRun(
      sync: session.sync,
      model: session.model,
      source: try session.source(),
      sink: try sink(of: session, context.console),
      statePath: session.location.path,
      options: RunOptions()
    )
    let scratch = try ScratchFolder()
    defer { withExtendedLifetime(scratch) {} }
    let report = await InspectRun(
      of: run,
      key: context.arguments.value(of: key),
      scratchPath: scratch.statePath
    ).execute()
    context.console.result(report.redacted(context.console), error: report.error)
    if report.error == nil { show(report, context.console) }
    if let error = report.error {
      context.console.report(error, of: report.sync)
      return ExitCode(RunReport.Outcome(error.code))
    }
    return report.verdict == .notFound ? .failed : .done
  }

  private static func show(_ report: InspectReport, _ console: Console) {
    console.result(report.headline)
    for note in report.notes { console.result("  note: \(console.redacted(note.printable))") }
    if let hint = report.hint { console.result("  hint: \(hint.printable)") }
    let table = report.table
    if !table.isEmpty {
      console.result("", "columns")
      console.result(table.lines(width: console.resultWidth.map { $0 - 2 }).map { "  \($0)" })
    }
    if !report.variables.isEmpty { console.result([""] + report.variableLines) }
    if report.message != nil { console.result([""] + report.messageLines) }
  }

  /// A destination that cannot even be made is one that does not answer.
  private static func sink(
    of session: SyncSession,
    _ console: Console
  ) throws -> any Destination {
    do {
      return try session.sink(connectTimeout: .seconds(5), console: console) { _ in }
    } catch let error as RunError {
      return OfflineDestination(name: session.sync.destination.value, reason: error)
    }
  }
}
