import Arguments
import Sync
import Reports
import Settings

/// The command `sluice messages`.
enum MessagesCommand: SluiceCommand {
  typealias Report = MessagesReport

  private static let key = Option(
    "key",
    value: .text("KEY"),
    "Only messages with this key, or of the row with this primary key (columns joined by commas)"
  )
  private static let runID = Option(
    "run",
    value: .text("RUN"),
    "The run, as 'sluice runs' names it; the last one that sent something unless you say otherwise"
  )
  private static let topic = Option("topic", value: .text("TOPIC"), "Only messages to this topic")
  private static let limit = Option(
    "limit",
    value: .integer("N", 1...100_000),
    "At most so many, the last ones; 100 unless you say otherwise"
  )
  private static let showValues = Option(
    "show-values",
    "Show headers and values as well, the first 4 KiB of each"
  )

  static let command = Command(
    "messages",
    "Show the messages that a run sent: topic, partition, offset, key, event id",
    discussion: """
      Shows what the broker acknowledged, in the order in which it was sent, then the rows \
      that were rejected or failed, with the reasons. Of every sync the last messages are kept, \
      1,000 unless 'history: {messages: N}' in sluice.yml says otherwise. They are written down when \
      a run ends: of a run that was killed there are none.
      """,
    arguments: [.sync],
    options: [key, runID, topic, limit, showValues],
    examples: [
      Example("sluice messages customers", "what the last run sent"),
      Example("sluice messages customers --key 42 --show-values", "what was said of one row"),
    ]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let (project, sync) = try context.selectedSync()
    let report = try await read(StateReader(project.stateLocation(of: sync)), context.arguments)
    let console = context.console
    console.result(report)
    guard let run = report.run else {
      let sentence = nothing(project.historyMessages)
      console.log(LogEvent(.info, name: "no-messages", sync: sync.name, message: sentence))
      return .done
    }
    if report.showsValues {
      for message in report.messages { console.result(message.lines) }
    } else {
      console.result(MessageReport.table(report.messages))
    }
    console.log(
      LogEvent(.info, name: "messages-shown", sync: sync.name, message: summary(run, report))
    )
    return .done
  }

  private static func read(
    _ reader: StateReader,
    _ arguments: ParsedCommand
  ) async throws -> MessagesReport {
    let filter = MessageFilter(
      key: arguments.value(of: key),
      topic: arguments.value(of: topic),
      run: arguments.value(of: runID),
      limit: arguments.value(of: limit).flatMap { Int($0) } ?? 100,
      showsValues: arguments.has(showValues)
    )
    do throws(RunError) {
      return try await reader.messages(filter)
    } catch {
      // The only thing that the user typed wrong is the run.
      guard error.code == .configuration else { throw error }
      throw CommandFailure(.usage, error.message.printable, hint: error.hint)
    }
  }

  private static func nothing(_ historyMessages: Int) -> String {
    historyMessages == 0
      ? "no messages are kept: 'history: {messages: 0}' switches that off"
      : "no run has sent a message since messages are kept"
  }

  private static func summary(_ run: RunRecord, _ report: MessagesReport) -> String {
    let began = TimeText.local(Int64(run.startedAt / 1000))
    let sent = run.counts?.sent ?? report.kept
    let (shown, matching) = (report.messages.count, report.matching)
    var parts = ["run \(run.id) of \(began)"]
    parts.append(
      sent == report.kept
        ? "\(sent.grouped) messages"
        : "the last \(report.kept.grouped) of \(sent.grouped) messages are kept"
    )
    if shown < matching {
      parts.append("showing the last \(shown.grouped) of \(matching.grouped)")
    } else if matching < report.kept {
      parts.append("\(matching.grouped) shown")
    }
    return parts.joined(separator: "; ")
  }
}
