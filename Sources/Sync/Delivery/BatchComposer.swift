internal import Blocking
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
  /// Takes the messages of each batch for a plan that is pinned; set before the first one.
  var pin: (@Sendable (DeliverableBatch, [UInt8]) async throws -> Void)?
  /// What is composed and not acknowledged yet counts in it.
  let budget: ByteBudget
  private let shared = Mutex(Shared())

  private struct Shared {
    var pool: [Handover<Envelope>] = []
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
    rejectedMax: Int?,
    budget: ByteBudget
  ) {
    self.budget = budget
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
    let envelope = emptyEnvelope()
    let (composition, _) = try await makeMessages(rows, in: envelope)
    recorder?.take(rows, composition: composition, envelope: envelope)
    recycle(Handover(envelope))
  }

  func makeMessages(
    _ rows: RowsToSend,
    in envelope: Envelope
  ) async throws -> (Composition, refusals: [String: RunError]) {
    var composition = composer.compose(rows, into: envelope)
    if composition.unknownTopics.isEmpty { return (composition, [:]) }
    try await refreshTopics()
    composition = composer.compose(rows, into: envelope)
    let missing = Set(composition.unknownTopics.map(\.topic))
    guard !missing.isEmpty, let refusals = try await sink.topics.create(missing.sorted()) else {
      return (composition, [:])
    }
    if refusals.count < missing.count { composition = composer.compose(rows, into: envelope) }
    return (composition, refusals)
  }

  /// The messages of `batch`; rows that cannot be messages are rejected.
  ///
  /// Returns nil if too many are: then the batch is not sent.
  func compose(_ batch: DeliverableBatch) async throws -> Shipment? {
    if isStopped { return nil }
    let shipment = Shipment(batch, in: budget)
    let rows = RowsToSend(batch)
    let envelope = emptyEnvelope()
    let (made, refusals, erasing) = try await messages(of: batch, rows, in: envelope)
    var composition = made
    if let unknown = composition.unknownTopics.first, sync.unknownTopic == .fail {
      let topic = unknown.topic
      fail(shipment, topic: topic, position: Int(unknown.position), refusals[topic])
      recycle(Handover(envelope))
      _ = shipment.unload()
      return shipment
    }
    composition.rejectUnknownTopics { Rejection(Self.reason($0, refusals[$0])) }
    for (position, rejection) in composition.rejected {
      reject(shipment, position: Int(position), as: .leftOut, rejection: rejection)
    }
    progress.update {
      $0.ignoredPartitions += composition.ignoredPartitions
      $0.moved += composition.moved
    }
    if !isRecovery { recorder?.take(rows, composition: composition, envelope: envelope) }
    if isStopped {
      recycle(Handover(envelope))
      shared.withLock { $0.unsentProblems += shipment.problems }
      return nil
    }
    shipment.load(envelope, composition)
    if let erasing {
      shipment.hold(erasing, .wouldErase)
    } else {
      try await present?.judge(shipment)
    }
    if let pin, let messages = shipment.pinned { try await pin(batch, messages) }
    if shipment.ownMessages.isEmpty && shipment.nullValues.isEmpty {
      if let empty = shipment.unload() { recycle(empty) }
    } else {
      shared.withLock { $0.topics.formUnion(shipment.topics) }
    }
    return shipment
  }

  /// Notes that a row is not delivered, and why.
  private func reject(
    _ shipment: Shipment,
    position: Int,
    as failure: Shipment.Failure,
    rejection: Rejection
  ) {
    guard shipment.fail(position, failure), !isRecovery else { return }
    progress.update { $0.rejected += 1 }
    let batch = shipment.batch
    let reason = KnownSecrets.current.hidden(in: rejection.reason)
    problems.add(.rejected, reason) { describe.key(of: position, in: batch) }
    let isKept = shared.withLock { shared in
      shared.rejected += 1
      shared.problemsKept += 1
      return shared.problemsKept <= ProblemDescriber.problemsMax
    }
    if isKept {
      shipment.problems.append(
        describe.problem(.rejected, position: position, in: batch, rejection: rejection)
      )
    }
  }

  /// Rejects the rows of messages that the destination refused.
  func reject(_ shipment: Shipment, _ failures: [UndeliveredMessage]) async {
    for failure in failures {
      guard let position = shipment.position(of: failure.index),
        shipment.failures[position] == nil
      else { continue }
      let message = shipment.outline(of: failure.index)
      let rejection =
        failure.fate == .unknownTopicOrPartition
        ? Rejection("the topic '\(message.topic)' or its partition is gone")
        : await sink.rejection(failure.error, of: message)
      reject(shipment, position: position, as: .refused, rejection: rejection)
    }
  }

  /// Takes note of messages that were acknowledged, and takes the envelope back to be filled again.
  func unload(_ shipment: Shipment) {
    for envelope in recent.keep(shipment) { recycle(envelope) }
  }

  private func emptyEnvelope() -> sending Envelope {
    shared.withLock { $0.pool.popLast() }?.take() ?? Envelope()
  }

  private func recycle(_ box: Handover<Envelope>) {
    guard let envelope = box.take() else { return }
    envelope.removeAll()
    let empty = Handover(envelope)
    shared.withLock { $0.pool.append(empty) }
  }

  /// A topic may have been made since the listing; asked again at most once in five seconds.
  func refreshTopics() async throws {
    let now = ContinuousClock.now
    if let last = shared.withLock({ $0.refreshedAt }), now - last < .seconds(5) { return }
    try await sink.topics.refresh()
    shared.withLock { $0.refreshedAt = ContinuousClock.now }
  }

  /// Why a row whose topic does not exist is rejected.
  static func reason(_ topic: String, _ refusal: RunError?) -> String {
    refusal.map { "the topic '\(topic)' could not be created: \($0.message)" }
      ?? "the topic '\(topic)' does not exist"
  }

  private func fail(
    _ shipment: Shipment,
    topic: String,
    position: Int,
    _ refusal: RunError?
  ) {
    let batch = shipment.batch
    shipment.failAll()
    let key = describe.key(of: position, in: batch) ?? "?"
    let rows = batch.changes.count
    var error =
      refusal.map { refusal in
        RunError(
          .failed,
          "destination \(sink.name): the topic '\(topic)', which row \(key) asks for, could not be "
            + "created: \(refusal.message); \(rows) rows of its batch were not sent",
          kind: refusal.kind,
          hint: refusal.hint
        )
      }
      ?? RunError(
        .failed,
        "destination \(sink.name) has no topic '\(topic)', which row \(key) asks for: "
          + "\(rows) rows of its batch were not sent",
        kind: .unknownTopic,
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
    shipment.problems = [problem]
    problems.add(.failed, problem.reason, rows: batch.changes.count) { problem.key }
    progress.update { $0.failed += batch.changes.count }
  }
}

// One task composes; what others use besides is behind a lock.
extension BatchComposer: @unchecked Sendable {}
