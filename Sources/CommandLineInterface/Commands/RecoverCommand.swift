import Arguments
import Sync
import Reports
import Settings

/// The command `sluice recover`.
enum RecoverCommand: SluiceCommand {
  typealias Report = SyncList<RecoveryReport>

  private static let sent = Option(
    "sent",
    "What was written down and not acknowledged has arrived: it joins the snapshot, unsent"
  )
  private static let notSent = Option(
    "not-sent",
    "What was written down and not acknowledged has not arrived: the next run sends it"
  )
  private static let adopt = Option(
    "adopt",
    "Continue from this state with cluster, topics, database and Kafka's offset as they are now"
  )

  static let command = Command(
    "recover",
    "Resolve a delivery whose outcome is unknown",
    discussion: """
      A run that cannot know by itself what was delivered stops and names this command.

      --sent, --not-sent: Kafka forgot which batches were committed (its offset expired, the group \
      or the topic was deleted). Look into the topic for the messages that wait: if they are there, \
      --sent; if not, --not-sent, and the next run sends them. A wrong --sent loses those changes, \
      a wrong --not-sent sends them twice, with the same event ids.

      --adopt: cluster, database or topic is another one than before, or another run delivered from \
      a copy of this state. The next run continues from this state as it is: what waits is sent, and \
      so is whatever differs from its snapshot, also what the other run may have sent already.
      """,
    arguments: [.sync, .otherSyncs],
    options: [sent, notSent, adopt, .wait],
    examples: [
      Example("sluice recover customers --adopt", "after the cluster moved"),
      Example("sluice recover customers orders --adopt", "after their database moved"),
    ]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let answer = try answer(context.arguments)
    let selected = try context.selectedSyncs()
    if answer != .adopt, context.arguments.arguments.count > 1 {
      let name = option(for: answer).name
      throw CommandFailure(.usage, "--\(name) is for one sync: look into its topic first")
    }
    var code = selected.code
    var reports: [RecoveryReport] = []
    for sync in selected.syncs {
      let recovery = Recovery(selected.project.stateLocation(of: sync))
      let done = await recovery.apply(answer, waitingUpTo: context.wait)
      let report = done ?? RecoveryReport(sync: sync.name, answer: answer, error: Self.busy(sync))
      say(report, context.console)
      code = ExitCode.gravest(
        of: [code, done == nil ? .alreadyRunning : report.error == nil ? .done : .failed]
      )
      reports.append(report)
    }
    context.console.result(SyncList(reports))
    return code
  }

  private static func option(for answer: RecoveryReport.Answer) -> Option {
    switch answer {
    case .sent: sent
    case .notSent: notSent
    case .adopt: adopt
    }
  }

  private static func answer(
    _ arguments: ParsedCommand
  ) throws(CommandFailure) -> RecoveryReport.Answer {
    let answers = RecoveryReport.Answer.allCases.filter { arguments.has(option(for: $0)) }
    if answers.count == 1, let answer = answers.first { return answer }
    throw CommandFailure(
      .usage,
      "one answer is needed: --sent, --not-sent or --adopt",
      hint: "--sent where the messages that wait are in the topic, --not-sent where they are "
        + "not, --adopt for another cluster, database, topic or copy of the state; "
        + "`sluice help recover` says what each does"
    )
  }

  private static func busy(_ sync: SyncSettings) -> RunError {
    RunError(
      .failed,
      "a run of \(sync.name) is under way",
      kind: .alreadyRunning,
      hint: "try again later"
    )
  }

  private static func say(_ report: RecoveryReport, _ console: Console) {
    if let error = report.error {
      return console.report(
        error: error.message,
        kind: error.kind,
        at: error.location,
        hint: error.hint
      )
    }
    let count = report.batches ?? 0
    let sentence =
      switch report.answer {
      case .sent: "\(count) batches count as delivered"
      case .notSent: "the next run sends \(count) batches that were written down"
      case .adopt: "the next run continues with cluster, topics, database and offset as they are"
      }
    console.summary("\(report.sync): \(sentence)")
  }
}
