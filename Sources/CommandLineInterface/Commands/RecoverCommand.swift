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
    "Go on from this state with cluster, topics, source and Kafka's offset as they are now"
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

      --adopt: cluster, source or topic is another one than before, or another run delivered from \
      a copy of this state. The next run goes on from this state as it is: what waits is sent, and \
      so is whatever differs from its snapshot, also what the other run may have sent already.
      """,
    arguments: [.sync],
    options: [sent, notSent, adopt, .wait],
    examples: [Example("sluice recover customers --adopt", "after the cluster moved")]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let project = try context.project()
    let session = try SyncSession(project, try context.sync(of: project))
    let answers = [sent, notSent, adopt].filter { context.arguments.has($0) }
    guard answers.count == 1, let answer = answers.first else {
      throw CommandFailure(
        .usage,
        "one answer is needed: --sent, --not-sent or --adopt",
        hint: "--sent where the messages that wait are in the topic, --not-sent where they are "
          + "not, --adopt for another cluster, source, topic or copy of the state; "
          + "`sluice help recover` says what each does"
      )
    }
    guard session.hasState else { _ = try session.state(); return .failed }
    guard let lock = try await session.lock(waitingUpTo: context.wait) else {
      throw CommandFailure(.alreadyRunning, "a run of this sync goes on", hint: "try again later")
    }
    defer { withExtendedLifetime(lock) {} }
    let state = try StateFile(path: session.statePath, mode: .existing)
    context.console.summary(try await settle(answer.name, state, session.sync.name))
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
    return "\(sync): the next run goes on with cluster, topics, source and offset as they are"
  }
}
