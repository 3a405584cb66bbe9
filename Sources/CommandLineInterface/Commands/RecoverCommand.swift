import Arguments
import Settings
import Snapshot

/// The command `sluice recover`.
enum RecoverCommand: SluiceCommand {
  private static let sent = Option(
    "sent",
    "What was written down and not acknowledged has arrived: do not send it again"
  )
  private static let notSent = Option(
    "not-sent",
    "What was written down and not acknowledged has not arrived: the next run sends it"
  )
  private static let adopt = Option(
    "adopt",
    "Take the cluster and the source that the configuration names now for the old ones"
  )

  static let command = Command(
    "recover",
    "Settle what Sluice cannot know by itself",
    discussion: """
      A run that stopped because it met another cluster or another source says so and names this \
      command. --adopt goes on with them as they are now. --sent and --not-sent decide about \
      batches that were written down and never acknowledged; without an answer the next run sends \
      them again, so that nothing is lost.
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
      throw CommandFailure(.usage, "one answer is needed: --sent, --not-sent or --adopt")
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
    if answer == adopt.name {
      try await state.set(.cluster, to: nil)
      try await state.set(.source, to: nil)
      return "\(sync): the next run takes cluster and source as they are"
    }
    let waiting = try await state.preparedBatches()
    if answer == notSent.name {
      return "\(sync): the next run sends \(waiting.count) batches that were written down"
    }
    for number in waiting {
      let batch = try await state.batch(number, withPrevious: false)
      try await state.commit([StateFile.Settlement(batch: batch)])
    }
    return "\(sync): \(waiting.count) batches count as delivered"
  }
}
