import Arguments
import Settings
import Snapshot

/// The command `sluice recover`.
enum RecoverCommand: SluiceCommand {
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
    "Settle what Sluice cannot know by itself",
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
    let answers = [sent, notSent, adopt].filter { context.arguments.has($0) }
    guard answers.count == 1, let answer = answers.first else {
      throw CommandFailure(
        .usage,
        "one answer is needed: --sent, --not-sent or --adopt",
        hint: "--sent where the messages that wait are in the topic, --not-sent where they are "
          + "not, --adopt for another cluster, database, topic or copy of the state; "
          + "`sluice help recover` says what each does"
      )
    }
    let selected = try context.selectedSyncs()
    if answer.name != adopt.name, context.arguments.arguments.count > 1 {
      throw CommandFailure(.usage, "--\(answer.name) is for one sync: look into its topic first")
    }
    var code = selected.code
    for sync in selected.syncs {
      let session = try SyncSession(selected.project, sync)
      code = ExitCode.gravest(of: [code, try await settle(answer.name, session, context)])
    }
    return code
  }

  private static func settle(
    _ answer: String,
    _ session: SyncSession,
    _ context: CommandContext
  ) async throws -> ExitCode {
    guard session.hasState else { _ = try session.state(); return .failed }
    guard let lock = try await session.lock(waitingUpTo: context.wait) else {
      throw CommandFailure(
        .alreadyRunning,
        "a run of \(session.sync.name) is under way",
        hint: "try again later"
      )
    }
    defer { withExtendedLifetime(lock) {} }
    let state = try StateFile(path: session.statePath, mode: .existing)
    context.console.summary(try await settle(answer, state, session.sync.name))
    return .done
  }

  private static func settle(
    _ answer: String,
    _ state: StateFile,
    _ sync: String
  ) async throws -> String {
    let waiting = try await state.preparedBatches()
    if answer == sent.name {
      // What the run that sent them left out was noted with each.
      let mark = try await state.transactionMark()
      try await state.settle(upTo: waiting.last ?? 0, mark: mark)
    }
    // Whatever Kafka holds, it is the answer that counts now.
    try await state.forgetAttempts()
    try await state.set(.adoptsTransactions, to: "1")
    if answer == sent.name { return "\(sync): \(waiting.count) batches count as delivered" }
    if answer == notSent.name {
      return "\(sync): the next run sends \(waiting.count) batches that were written down"
    }
    try await state.set(.cluster, to: nil)
    try await state.set(.source, to: nil)
    try await state.forgetTopicIDs()
    return "\(sync): the next run continues with cluster, topics, database and offset as they are"
  }
}
