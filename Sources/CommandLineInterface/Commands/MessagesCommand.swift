import Arguments
import Messages
import Settings
import Snapshot
import Values

/// The command `sluice messages`.
enum MessagesCommand: SluiceCommand {
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
      Shows what the broker acknowledged, in the order in which it was sent, and behind it the rows \
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
    let session = try SyncSession(project, sync)
    let state = try session.state()
    let console = context.console
    guard let run = try await find(context, session.sync.name, state) else {
      if console.writesJSON { console.result(json: .array([])) }
      console.log(
        LogEvent(.info, "no-messages", sync: session.sync.name, nothing(project.historyMessages))
      )
      return .done
    }
    let filter = Filter(
      key: context.arguments.value(of: key),
      topic: context.arguments.value(of: topic)
    )
    let kept = try await state.messages(run: run.number)
    let problems = try await state.problems(run: run.number).filter { $0.kind != .invalid }
    let entries =
      kept.filter(filter.accepts).map(MessageEntry.sent)
      + problems.filter(filter.accepts).map(MessageEntry.unsent)
    let limit = context.arguments.value(of: limit).flatMap { Int($0) } ?? 100
    let shown = Array(entries.suffix(limit))
    let showsValues = context.arguments.has(showValues)
    if console.writesJSON {
      console.result(
        json: .array(shown.map { $0.json(run: run.id, showsValues: showsValues) })
      )
      return .done
    }
    if showsValues {
      for entry in shown { console.result(entry.lines) }
    } else {
      console.result(MessageEntry.table(shown))
    }
    console.log(
      LogEvent(
        .info,
        "messages-shown",
        sync: session.sync.name,
        summary(run, shown: shown.count, matching: entries.count, kept: kept.count)
      )
    )
    return .done
  }

  /// The run that is asked for; nil where nothing was ever sent.
  private static func find(
    _ context: CommandContext,
    _ sync: String,
    _ state: StateFile
  ) async throws -> StateFile.RunRecord? {
    let runs = try await state.runs(limit: 1_000_000)
    guard let id = context.arguments.value(of: runID) else {
      let number = try await state.lastRunWithMessages()
      return runs.first { $0.number == number }
    }
    if let run = runs.first(where: { $0.id == id }) { return run }
    throw CommandFailure(
      .usage,
      "unknown run '\(id.printable)'",
      hint: "'sluice runs \(sync) --output json' lists the runs"
    )
  }

  private static func nothing(_ historyMessages: Int) -> String {
    historyMessages == 0
      ? "no messages are kept: 'history: {messages: 0}' switches that off"
      : "no run has sent a message since messages are kept"
  }

  private static func summary(
    _ run: StateFile.RunRecord,
    shown: Int,
    matching: Int,
    kept: Int
  ) -> String {
    let began = TimeText.local(Int64(run.startedAt / 1000))
    var parts = ["run \(run.id) of \(began)"]
    let sent = run.count("sent")
    parts.append(
      sent.isEmpty || sent == kept.grouped
        ? "\(kept.grouped) messages" : "the last \(kept.grouped) of \(sent) messages are kept"
    )
    if shown < matching {
      parts.append("showing the last \(shown.grouped) of \(matching.grouped)")
    } else if matching < kept {
      parts.append("\(matching.grouped) shown")
    }
    return parts.joined(separator: "; ")
  }

  /// What the user wants to see.
  private struct Filter {
    var key: String?
    var topic: String?

    func accepts(_ message: MessageRecord) -> Bool {
      let isKey = key.map { message.row == $0 || message.keyText == $0 } ?? true
      return isKey && (topic.map { message.topic == $0 } ?? true)
    }

    /// What was not sent has no topic.
    func accepts(_ problem: Problem) -> Bool {
      topic == nil && (key.map { problem.key == $0 } ?? true)
    }
  }
}
