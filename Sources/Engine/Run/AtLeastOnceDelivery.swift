internal import Kafka
internal import Messages
internal import Rows
internal import Snapshot

/// Sends prepared batches, at least once: composes, produces, and commits what is acknowledged.
///
/// Up to eight batches are under way or waiting for their commit; they are committed in order.
/// Used by one task at a time.
final class AtLeastOnceDelivery: Delivery {
  private struct UnderWay {
    var outgoing: OutgoingBatch
    var isSettled: Bool
    /// Messages that did not arrive; a row that moves has two.
    var refused = 0
    /// Messages that wait to be sent one by one.
    var isIsolated = false
  }

  private let composer: BatchComposer
  private let state: StateFile
  private let progress: RunProgress
  private let interruption: RunInterruption
  private let runNumber: Int
  private let isRecovery: Bool

  private var sink: any MessageSink { composer.sink }
  private var underWay: [UnderWay] = []
  private var committedAt = ContinuousClock.now
  /// Since when nothing came although the run was asked to end.
  private var stalledAt: ContinuousClock.Instant?

  private static let underWayMax = 8
  private static let commitInterval = Duration.milliseconds(250)
  /// How long a run that was asked to end waits for a broker that is silent.
  private static let graceMax = Duration.seconds(10)

  init(_ composer: BatchComposer, of body: RunBody, isRecovery: Bool) {
    self.composer = composer
    self.isRecovery = isRecovery
    state = body.state
    progress = body.run.progress
    interruption = body.run.interruption
    runNumber = body.number
  }

  var needsPrevious: Bool { composer.needsPrevious }

  var failures: [RunError] { composer.failures }

  var topics: Set<String> { composer.topics }

  func deliver(_ feed: some BatchFeed) async throws {
    do {
      while let batch = try await feed.next() { try await send(batch) }
      try await finish()
    } catch {
      feed.stop()
      try await salvage()
      throw error
    }
  }

  /// Sends `batch`; returns while it is under way.
  private func send(_ batch: DeliverableBatch) async throws {
    // Removals and other changes are never under way together: each waits for the end of the other.
    if let last = underWay.last, last.outgoing.batch.isRemoving != batch.isRemoving {
      try await finish()
    }
    while underWay.count >= Self.underWayMax { try await settle() }
    try interruption.check()
    let outgoing = try await composer.compose(batch)
    underWay.append(UnderWay(outgoing: outgoing, isSettled: outgoing.composed == nil))
    if let composed = outgoing.composed {
      try await sink.prepare(composed.messages.topics.filter { sink.partitions(of: $0) != nil })
      progress.update { $0.submitted += composed.messages.messages.count }
      try await sink.submit(composed.messages, number: batch.number, only: nil)
    }
    try await settle(waitingUpTo: .zero)
  }

  /// Waits until everything is acknowledged and committed.
  private func finish() async throws {
    while underWay.contains(where: { !$0.isSettled }) { try await settle() }
    try await commit()
  }

  /// After an error: commits the oldest batches that are fully acknowledged, as far as they go.
  private func salvage() async throws {
    for report in await sink.abandon(waitingUpTo: .seconds(10)) {
      try? await take(report)
    }
    try await commit()
  }

  // MARK: - Settling

  private func settle(waitingUpTo timeout: Duration = .milliseconds(250)) async throws {
    let reports = await sink.completed(waitingUpTo: timeout)
    for report in reports { try await take(report) }
    try checkGrace(isStalled: reports.isEmpty && interruption.isRequested)
    let settled = underWay.prefix(while: \.isSettled).count
    let isDue = ContinuousClock.now - committedAt >= Self.commitInterval
    if settled >= Self.underWayMax || (settled > 0 && isDue) { try await commit() }
  }

  private func checkGrace(isStalled: Bool) throws {
    guard isStalled else {
      stalledAt = nil
      return
    }
    let since = stalledAt ?? ContinuousClock.now
    stalledAt = since
    if ContinuousClock.now - since > Self.graceMax { try interruption.check() }
  }

  private func take(_ report: BatchReport) async throws {
    guard let index = underWay.firstIndex(where: { $0.outgoing.batch.number == report.number }),
      let composed = underWay[index].outgoing.composed
    else { return }
    let alone = try await judge(report.failures, at: index)
    if !alone.isEmpty {
      underWay[index].isIsolated = true
      return try await sink.submit(composed.messages, number: report.number, only: alone)
    }
    let delivered = composed.messages.messages.count - underWay[index].refused
    let isRecovery = isRecovery
    progress.update {
      $0.sent += delivered
      if isRecovery { $0.resent += delivered }
    }
    underWay[index].isSettled = true
    composer.settle(underWay[index].outgoing)
    underWay[index].outgoing.composed = nil
  }

  /// Rejects rows that were refused, and returns the messages that must be tried alone.
  private func judge(_ failures: [MessageFailure], at index: Int) async throws -> [Int] {
    var alone: [Int] = []
    for failure in failures {
      switch failure.fate {
      case .refusedWithRequest where !underWay[index].isIsolated: alone.append(failure.index)
      case .refused, .refusedWithRequest, .unknownTopicOrPartition:
        composer.reject(&underWay[index].outgoing, failure)
        underWay[index].refused += 1
      case .unknown, .stopped: throw await failure.error.stop(sink)
      }
    }
    return alone
  }

  private func commit() async throws {
    committedAt = ContinuousClock.now
    let settled = underWay.prefix(while: \.isSettled).map(\.outgoing)
    if settled.isEmpty { return }
    try await state.commit(settled.map(\.settlement))
    underWay.removeFirst(settled.count)
    let problems = settled.flatMap(\.problems)
    if !problems.isEmpty { try await state.report(problems, run: runNumber) }
  }
}
