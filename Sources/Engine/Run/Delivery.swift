internal import Kafka
internal import Messages
internal import Rows
internal import Settings
internal import Snapshot

/// Sends prepared batches, at least once: composes, produces, and commits what is acknowledged.
///
/// Up to eight batches are under way or waiting for their commit; they are committed in order.
/// Used by one task at a time.
final class Delivery {
  private struct UnderWay {
    var batch: DeliverableBatch
    var composed: ComposedBatch?
    var undelivered: Set<Int> = []
    var problems: [Problem] = []
    var isSettled = false
    /// Messages that wait to be sent one by one.
    var isIsolated = false
  }

  private let sync: SyncSettings
  private let composer: Composer
  private let sink: any MessageSink
  private let state: StateFile
  private let progress: RunProgress
  private let interruption: RunInterruption
  private let describe: ProblemDescriber
  private let runNumber: Int
  private let isRecovery: Bool
  private let recent: RecentMessages

  private var underWay: [UnderWay] = []
  private var pool: [ComposedBatch] = []
  private var committedAt = ContinuousClock.now
  private var refreshedAt: ContinuousClock.Instant?
  private var problemsKept = 0

  /// Why batches could not be sent, for the report; the first of each topic.
  private(set) var failures: [RunError] = []

  private static let underWayMax = 8
  private static let commitInterval = Duration.milliseconds(250)

  init(
    sync: SyncSettings,
    composer: Composer,
    sink: any MessageSink,
    state: StateFile,
    progress: RunProgress,
    interruption: RunInterruption,
    describe: ProblemDescriber,
    runNumber: Int,
    isRecovery: Bool,
    recent: RecentMessages
  ) {
    self.sync = sync
    self.composer = composer
    self.sink = sink
    self.state = state
    self.progress = progress
    self.interruption = interruption
    self.describe = describe
    self.runNumber = runNumber
    self.isRecovery = isRecovery
    self.recent = recent
  }

  /// Whether batches must come with the rows that they supersede.
  var needsPrevious: Bool { composer.needsPrevious }

  /// Sends `batch`, which is durable as prepared; returns while it is under way.
  func send(_ batch: DeliverableBatch) async throws {
    // A removal leaves when everything before it is part of the snapshot.
    if batch.changes.first?.kind == .removed { try await finish() }
    while underWay.count >= Self.underWayMax { try await settle() }
    try interruption.check()
    let entry = try await compose(batch)
    underWay.append(entry)
    if let composed = entry.composed {
      try await sink.prepare(composed.messages.topics.filter { sink.partitions(of: $0) != nil })
      progress.update { $0.submitted += composed.messages.messages.count }
      try await sink.submit(composed.messages, number: batch.number, only: nil)
    }
    try await settle(waitingUpTo: .zero)
  }

  /// Waits until everything is acknowledged and committed.
  func finish() async throws {
    while underWay.contains(where: { !$0.isSettled }) { try await settle() }
    try await commit()
  }

  /// After an error: commits the oldest batches that are fully acknowledged, as far as they go.
  func salvage() async throws {
    for report in await sink.abandon(waitingUpTo: .seconds(10)) {
      try? await take(report)
    }
    try await commit()
  }

  // MARK: - Composing

  private func compose(_ batch: DeliverableBatch) async throws -> UnderWay {
    let rows = RowsToSend(batch)
    let composed = pool.popLast() ?? ComposedBatch()
    composer.compose(rows, into: composed)
    if !composed.unknownTopics.isEmpty {
      try await refreshTopics()
      composer.compose(rows, into: composed)
    }
    var entry = UnderWay(batch: batch)
    if let unknown = composed.unknownTopics.first, sync.unknownTopic == .fail {
      fail(&entry, topic: unknown.topic, position: Int(unknown.position))
      pool.append(composed)
      return entry
    }
    for (position, topic) in composed.unknownTopics {
      reject(&entry, Int(position), "the topic '\(topic)' does not exist")
    }
    for (position, rejection) in composed.rejected {
      reject(&entry, Int(position), rejection.reason)
    }
    progress.update { $0.ignoredPartitions += composed.ignoredPartitions }
    if composed.messages.messages.isEmpty {
      pool.append(composed)
      entry.isSettled = true
    } else {
      entry.composed = composed
    }
    return entry
  }

  /// A topic may have been made since the listing; asked again at most once in five seconds.
  private func refreshTopics() async throws {
    if let refreshedAt, ContinuousClock.now - refreshedAt < .seconds(5) { return }
    try await sink.refreshTopics()
    refreshedAt = ContinuousClock.now
  }

  private func fail(_ entry: inout UnderWay, topic: String, position: Int) {
    entry.isSettled = true
    entry.undelivered = Set(entry.batch.changes.indices)
    let key = describe.key(of: position, in: entry.batch) ?? "?"
    let message =
      "destination \(sink.name) has no topic '\(topic)', which row \(key) asks for: "
      + "\(entry.batch.changes.count) rows of its batch were not sent"
    let hint = "create the topic, or set `unknown_topic: reject` to go on without such rows"
    if !failures.contains(where: { $0.message.contains("'\(topic)'") }) {
      failures.append(RunError(.failed, message, hint: hint))
    }
    entry.problems = [
      describe.problem(.failed, position, in: entry.batch, "the topic '\(topic)' does not exist")
    ]
    progress.update { $0.failed += entry.batch.changes.count }
  }

  private func reject(_ entry: inout UnderWay, _ position: Int, _ reason: String) {
    guard entry.undelivered.insert(position).inserted else { return }
    progress.update { $0.rejected += 1 }
    if problemsKept < ProblemDescriber.problemsMax {
      problemsKept += 1
      entry.problems.append(describe.problem(.rejected, position, in: entry.batch, reason))
    }
  }

  // MARK: - Settling

  private func settle(waitingUpTo timeout: Duration = .milliseconds(250)) async throws {
    for report in await sink.completed(waitingUpTo: timeout) { try await take(report) }
    let settled = underWay.prefix(while: \.isSettled).count
    let isDue = ContinuousClock.now - committedAt >= Self.commitInterval
    if settled >= Self.underWayMax || (settled > 0 && isDue) { try await commit() }
  }

  private func take(_ report: BatchReport) async throws {
    guard let index = underWay.firstIndex(where: { $0.batch.number == report.number }),
      let composed = underWay[index].composed
    else { return }
    var alone: [Int] = []
    for failure in report.failures {
      let position = Int(composed.positions[failure.index])
      switch failure.fate {
      case .refused: reject(&underWay[index], position, failure.error.message)
      case .refusedWithRequest where !underWay[index].isIsolated: alone.append(failure.index)
      case .refusedWithRequest: reject(&underWay[index], position, failure.error.message)
      case .unknownTopicOrPartition:
        let topic = composed.messages.topics[Int(composed.messages.messages[failure.index].topic)]
        reject(&underWay[index], position, "the topic '\(topic)' or its partition is gone")
      case .unknown, .stopped: throw await stop(failure)
      }
    }
    if !alone.isEmpty {
      underWay[index].isIsolated = true
      return try await sink.submit(composed.messages, number: report.number, only: alone)
    }
    let delivered = composed.positions.count { !underWay[index].undelivered.contains(Int($0)) }
    let isRecovery = isRecovery
    progress.update {
      $0.sent += delivered
      if isRecovery { $0.resent += delivered }
    }
    underWay[index].isSettled = true
    underWay[index].composed = nil
    let entry = underWay[index]
    pool += recent.keep(entry.batch, composed, undelivered: entry.undelivered)
  }

  private func stop(_ failure: MessageFailure) async -> RunError {
    let complaint = await sink.complaint().map { "; \($0)" } ?? ""
    return RunError(
      .failed,
      "destination \(sink.name): \(failure.error.description)\(complaint)",
      hint: failure.error.hint
        ?? "what was not acknowledged is sent again by the next run: nothing is lost"
    )
  }

  private func commit() async throws {
    committedAt = ContinuousClock.now
    let settled = underWay.prefix(while: \.isSettled)
    if settled.isEmpty { return }
    let settlements = settled.map {
      StateFile.Settlement(batch: $0.batch, undelivered: $0.undelivered)
    }
    try await state.commit(settlements)
    let problems = settled.flatMap(\.problems)
    underWay.removeFirst(settled.count)
    if !problems.isEmpty { try await state.report(problems, run: runNumber) }
  }
}

extension RowsToSend {
  /// The changes of `batch` that leave a message.
  init(_ batch: DeliverableBatch) {
    var items: [Item] = []
    items.reserveCapacity(batch.changes.count)
    var line: Int32 = 0
    for (position, change) in batch.changes.enumerated() {
      let hasLine = change.kind != .removed
      defer { if hasLine { line += 1 } }
      guard !change.isSilent, let kind = Change(change.kind) else { continue }
      items.append(
        Item(
          change: kind,
          position: Int32(position),
          line: hasLine ? line : -1,
          old: batch.oldIndexes.isEmpty ? -1 : batch.oldIndexes[position]
        )
      )
    }
    self.init(
      token: batch.token,
      isBackfill: batch.isBackfill,
      items: items,
      shape: batch.shape,
      rows: batch.rows,
      oldRows: batch.oldRows,
      oldShapes: batch.oldShapes
    )
  }
}

extension Change {
  /// The change that users know; nil for what never leaves a message.
  init?(_ kind: ChangeBatch.RowChange.Kind) {
    switch kind {
    case .added: self = .added
    case .changed: self = .changed
    case .removed: self = .removed
    case .absorbed, .withdrawn: return nil
    }
  }
}
