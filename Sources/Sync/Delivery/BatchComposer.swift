internal import Messages
internal import Reports
internal import Rows
internal import Settings
internal import State
internal import Synchronization

/// Makes messages of batches, and keeps account of the rows that cannot be any.
///
/// ``compose(_:)`` is called by one task at a time; everything else by any.
final class BatchComposer {
  let sync: SyncSettings
  let sink: any Destination
  private let composer: Composer
  private let progress: RunProgress
  private let problems: ProblemTally
  private let describe: ProblemDescriber
  private let recent: RecentMessages
  /// Whether batches of an earlier run are finished: the scan of this one tries their rejected rows
  /// again, as they are now, and only that counts.
  private let isRecovery: Bool
  /// Keeps null values from erasing rows; nil if their keys cannot.
  private let present: PresentPlaces?
  /// What a plan wants to see of the rows that a scan found.
  private let recorder: PlanRecorder?
  /// Most rows that may be rejected; nil for any number.
  private let rejectedMax: Int?
  private let shared = Mutex(Shared())

  private struct Shared {
    var pool: [ComposedBatch] = []
    var failures: [RunError] = []
    var missingTopics: Set<String> = []
    var refreshedAt: ContinuousClock.Instant?
    var problemsKept = 0
    var rejected = 0
    /// Problems of batches that were composed and not sent.
    var unsentProblems: [Problem] = []
    var topics: Set<String> = []
  }

  /// Prepares to compose for `run`; rows beyond `rejectedMax` that are rejected end it.
  init(
    for run: SyncRun,
    _ composer: Composer,
    describe: ProblemDescriber,
    recent: RecentMessages,
    isRecovery: Bool,
    present: PresentPlaces?,
    rejectedMax: Int?
  ) {
    sync = run.sync
    sink = run.sink
    progress = run.progress
    problems = run.problems
    recorder = run.recorder
    self.present = present
    self.composer = composer
    self.describe = describe
    self.recent = recent
    self.isRecovery = isRecovery
    self.rejectedMax = rejectedMax
  }

  var needsPrevious: Bool { composer.needsPrevious }

  /// Why batches could not be sent; the first of each topic.
  var failures: [RunError] { shared.withLock { $0.failures } }

  /// Says that the destination keeps the run waiting.
  var waitingText: String {
    "destination \(sink.name): no acknowledgement from the brokers yet; waiting for them, at most "
      + "`timeouts.delivery`"
  }

  /// Topics that messages were made for.
  var topics: Set<String> { shared.withLock { $0.topics } }

  /// Whether more rows are rejected than the sync allows: then nothing more is sent.
  var isStopped: Bool { shared.withLock(\.rejected) > rejectedMax ?? .max }

  /// What was not told yet of rows that are rejected, for a run that this stops.
  func takeUnsentProblems() -> [Problem] {
    shared.withLock { shared in
      defer { shared.unsentProblems = [] }
      return shared.unsentProblems
    }
  }

  /// Shows the messages of `batch` to a plan that ends before it sends any.
  func show(_ batch: DeliverableBatch) async throws {
    let rows = RowsToSend(batch)
    let (composed, _) = try await makeMessages(rows)
    recorder?.take(rows, composed)
    recycle(composed)
  }

  private func makeMessages(
    _ rows: RowsToSend
  ) async throws -> (ComposedBatch, refusals: [String: RunError]) {
    let composed = shared.withLock { $0.pool.popLast() } ?? ComposedBatch()
    composer.compose(rows, into: composed)
    if !composed.unknownTopics.isEmpty {
      try await refreshTopics()
      composer.compose(rows, into: composed)
    }
    return (composed, try await createTopics(for: rows, composed))
  }

  /// The messages of `batch`; rows that cannot be messages are rejected.
  ///
  /// Returns nil if too many are: then the batch is not sent.
  func compose(_ batch: DeliverableBatch) async throws -> OutgoingBatch? {
    if isStopped { return nil }
    let rows = RowsToSend(batch)
    let (composed, refusals) = try await makeMessages(rows)
    var outgoing = OutgoingBatch(batch)
    if let unknown = composed.unknownTopics.first, sync.unknownTopic == .fail {
      let topic = unknown.topic
      fail(&outgoing, topic: topic, position: Int(unknown.position), refusals[topic])
      recycle(composed)
      return outgoing
    }
    for (position, topic) in composed.unknownTopics {
      reject(
        &outgoing,
        position: Int(position),
        rejection: Rejection(Self.reason(topic, refusals[topic]))
      )
    }
    for (position, rejection) in composed.rejected {
      reject(&outgoing, position: Int(position), rejection: rejection)
    }
    progress.update {
      $0.ignoredPartitions += composed.ignoredPartitions
      $0.moved += composed.moved
    }
    if !isRecovery { recorder?.take(rows, composed) }
    if isStopped {
      recycle(composed)
      shared.withLock { $0.unsentProblems += outgoing.problems }
      return nil
    }
    if composed.messages.messages.isEmpty {
      recycle(composed)
    } else {
      shared.withLock { $0.topics.formUnion(composed.messages.topics) }
      outgoing.composed = composed
      try await present?.judge(&outgoing)
      if outgoing.ownMessages.isEmpty && outgoing.nullValues.isEmpty {
        outgoing.composed = nil
        recycle(composed)
      }
    }
    return outgoing
  }

  /// Notes that a row is not delivered, and why.
  func reject(_ outgoing: inout OutgoingBatch, position: Int, rejection: Rejection) {
    guard outgoing.undelivered.insert(position).inserted, !isRecovery else { return }
    progress.update { $0.rejected += 1 }
    let batch = outgoing.batch
    let reason = KnownSecrets.current.hidden(in: rejection.reason)
    problems.add(.rejected, reason) { describe.key(of: position, in: batch) }
    let isKept = shared.withLock { shared in
      shared.rejected += 1
      shared.problemsKept += 1
      return shared.problemsKept <= ProblemDescriber.problemsMax
    }
    if isKept {
      outgoing.problems.append(
        describe.problem(.rejected, position: position, in: batch, rejection: rejection)
      )
    }
  }

  /// Rejects the rows of messages that the destination refused.
  func reject(_ outgoing: inout OutgoingBatch, _ failures: [UndeliveredMessage]) async {
    guard let composed = outgoing.composed else { return }
    for failure in failures {
      let position = Int(composed.positions[failure.index])
      guard !outgoing.undelivered.contains(position) else { continue }
      let rejection: Rejection
      if failure.fate == .unknownTopicOrPartition {
        let topic = composed.messages.topic(of: failure.index)
        rejection = Rejection("the topic '\(topic)' or its partition is gone")
      } else {
        rejection = await sink.rejection(failure, of: composed.messages)
      }
      outgoing.refused.insert(position)
      reject(&outgoing, position: position, rejection: rejection)
    }
  }

  /// Takes note of messages that were acknowledged, and takes them back to be filled again.
  func settle(_ outgoing: OutgoingBatch) {
    guard let composed = outgoing.composed else { return }
    shared.withLock { shared in
      shared.pool += recent.keep(outgoing, composed)
    }
  }

  private func recycle(_ composed: ComposedBatch) {
    shared.withLock { $0.pool.append(composed) }
  }

  /// A topic may have been made since the listing; asked again at most once in five seconds.
  private func refreshTopics() async throws {
    let now = ContinuousClock.now
    if let last = shared.withLock({ $0.refreshedAt }), now - last < .seconds(5) { return }
    try await sink.topics.refresh()
    shared.withLock { $0.refreshedAt = ContinuousClock.now }
  }

  /// Creates the topics that are missing, if that is asked for, and composes again.
  ///
  /// Returns why some could not be made, by name.
  private func createTopics(
    for rows: RowsToSend,
    _ composed: ComposedBatch
  ) async throws -> [String: RunError] {
    if composed.unknownTopics.isEmpty { return [:] }
    let missing = Set(composed.unknownTopics.map(\.topic))
    guard let refusals = try await sink.topics.create(missing.sorted()) else { return [:] }
    if refusals.count < missing.count { composer.compose(rows, into: composed) }
    return refusals
  }

  /// Why a row whose topic does not exist is rejected.
  static func reason(_ topic: String, _ refusal: RunError?) -> String {
    refusal.map { "the topic '\(topic)' could not be created: \($0.message)" }
      ?? "the topic '\(topic)' does not exist"
  }

  private func fail(
    _ outgoing: inout OutgoingBatch,
    topic: String,
    position: Int,
    _ refusal: RunError?
  ) {
    let batch = outgoing.batch
    outgoing.undelivered = Set(batch.changes.indices)
    let key = describe.key(of: position, in: batch) ?? "?"
    let rows = batch.changes.count
    var error =
      refusal.map { refusal in
        RunError(
          .failed,
          "destination \(sink.name): the topic '\(topic)', which row \(key) asks for, could not be "
            + "created: \(refusal.message); \(rows) rows of its batch were not sent",
          hint: refusal.hint
        )
      }
      ?? RunError(
        .failed,
        "destination \(sink.name) has no topic '\(topic)', which row \(key) asks for: "
          + "\(rows) rows of its batch were not sent",
        hint: "create the topic, or set `unknown_topic: reject` to continue without such rows"
      )
    // Rows may have chosen the topic.
    error.valueFree =
      "destination \(sink.name) lacks a topic that rows ask for: \(rows) rows were not sent"
    shared.withLock { shared in
      if shared.missingTopics.insert(topic).inserted { shared.failures.append(error) }
    }
    let problem = describe.problem(
      .failed,
      position: position,
      in: batch,
      rejection: Rejection(Self.reason(topic, refusal))
    )
    outgoing.problems = [problem]
    problems.add(.failed, problem.reason, rows: batch.changes.count) { problem.key }
    progress.update { $0.failed += batch.changes.count }
  }
}

// One task composes; what others use besides is behind a lock.
extension BatchComposer: @unchecked Sendable {}
