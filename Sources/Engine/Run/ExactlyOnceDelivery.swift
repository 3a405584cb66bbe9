internal import Kafka
internal import Messages
internal import Rows
internal import Settings
internal import Snapshot

/// Sends prepared batches in transactions: a `read_committed` consumer sees every change once.
///
/// One task composes while another sends; a transaction takes the batches that are ready and never
/// waits for more. Whatever goes wrong with one, the way on is the same: a new producer, which ends
/// it, and a look at what Kafka holds.
final class ExactlyOnceDelivery: Delivery {
  private let composer: BatchComposer
  private let session: TransactionSession
  private let state: StateFile
  private let progress: RunProgress
  private let interruption: RunInterruption
  private let runNumber: Int
  private let isRecovery: Bool

  private var sink: any TransactionalSink { session.sink }

  /// Composed batches that wait for a transaction.
  private static let queueCapacity = 2
  private static let attemptsMax = 3
  /// From the largest request to one of a byte.
  private static let halvingsMax = 20
  /// Messages sent one a request in a transaction that only finds out which are refused.
  private static let probesMax = 500

  init(
    _ composer: BatchComposer,
    in session: TransactionSession,
    of body: RunBody,
    isRecovery: Bool
  ) {
    self.composer = composer
    self.session = session
    self.isRecovery = isRecovery
    state = body.state
    progress = body.run.progress
    interruption = body.run.interruption
    runNumber = body.number
    // What nobody knows then, the next run finds out.
    interruption.onRequest { [sink = session.sink] in sink.interrupt() }
  }

  var needsPrevious: Bool { composer.needsPrevious }

  var failures: [RunError] { composer.failures }

  var topics: Set<String> { composer.topics }

  func deliver(_ feed: some BatchFeed) async throws {
    let ready = BoundedQueue<OutgoingBatch>(capacity: Self.queueCapacity)
    try await withThrowingTaskGroup(of: Void.self) { [composer] group in
      group.addTask {
        defer {
          ready.close()
          feed.stop()
        }
        while let batch = try await feed.next() {
          guard await ready.send(try await composer.compose(batch)) else { return }
        }
      }
      do {
        try await transact(ready)
      } catch {
        ready.close()
        feed.stop()
        await sink.abort()
        throw error
      }
      // What was composed is sent; now what stopped the feed may be told.
      try await group.waitForAll()
    }
  }

  /// One transaction after the other until the queue ends.
  private func transact(_ ready: BoundedQueue<OutgoingBatch>) async throws {
    var next = await ready.receive()
    while let first = next {
      try interruption.check()
      var transaction = OpenTransaction(first)
      next = try await fill(&transaction, from: ready)
      if next == nil { next = await ready.receive() }
    }
  }

  /// Sends one transaction with whatever is ready, and returns a batch that did not fit in.
  private func fill(
    _ transaction: inout OpenTransaction,
    from ready: BoundedQueue<OutgoingBatch>
  ) async throws -> OutgoingBatch? {
    var next: OutgoingBatch?
    var isBegun = false
    var failure: KafkaError?
    while true {
      if failure == nil, let last = transaction.batches.last {
        failure = try await submit(last, isBegun: &isBegun)
      }
      next = ready.poll()
      guard let batch = next, transaction.takes(batch) else { break }
      transaction.append(batch)
      next = nil
    }
    if isBegun { try await conclude(&transaction, after: failure) }
    try await settle(transaction)
    return next
  }

  /// Sends the messages of a batch, beginning the transaction with the first.
  private func submit(_ outgoing: OutgoingBatch, isBegun: inout Bool) async throws -> KafkaError? {
    guard let composed = outgoing.composed else { return nil }
    try await sink.prepare(composed.messages.topics.filter { sink.partitions(of: $0) != nil })
    if !isBegun {
      if !session.isHeld { try await session.hold(anchor: composed.messages.topic(of: 0)) }
      isBegun = true
      do throws(KafkaError) { try await sink.begin() } catch { return error }
    }
    progress.update { $0.submitted += composed.messages.messages.count }
    try await sink.submit(composed.messages, number: outgoing.batch.number, only: nil)
    return nil
  }

  // MARK: - Commit

  /// Commits the transaction, in as many attempts as bring something new and some more.
  private func conclude(
    _ transaction: inout OpenTransaction,
    after first: KafkaError?
  ) async throws {
    var failure = first
    if failure == nil { failure = try await commit(&transaction) }
    var attempts = 0
    var halvings = 0
    while let error = failure {
      if !transaction.hasLearned { attempts += 1 }
      guard attempts < Self.attemptsMax, !error.isFinal else {
        throw await error.stop(sink)
      }
      try interruption.check()
      var requests = RequestSize.same
      if !transaction.suspects.isEmpty {
        // Where no message is to blame, the request was too large as a whole.
        requests = try await probe(&transaction) ? .same : .halved
        if requests == .halved, halvings < Self.halvingsMax {
          halvings += 1
          attempts = 0
        }
      }
      try await session.open(requests: requests)
      if session.mark.number >= transaction.number { return }
      transaction.forgetAttempt()
      failure = try await repeatAttempt(&transaction)
    }
  }

  /// Waits for the messages and commits them with the offset; returns why that failed.
  private func commit(_ transaction: inout OpenTransaction) async throws -> KafkaError? {
    try await collect(&transaction)
    if let failure = transaction.failure { return failure.error }
    if !transaction.suspects.isEmpty { return KafkaError(code: .abortable, message: "refused") }
    guard let topic = transaction.firstTopic else {
      // Every message was refused: there is nothing to commit.
      await sink.abort()
      return nil
    }
    let known = session.mark.anchor.flatMap { transaction.sends(to: $0) ? $0 : nil }
    let anchor = known ?? topic
    try await note(transaction, anchor: anchor)
    let mark = TransactionMark(
      number: transaction.number,
      token: transaction.token,
      anchor: anchor,
      isHeld: true
    )
    do throws(KafkaError) {
      try await sink.commit(Int64(mark.number), metadata: mark.token, topic: anchor)
    } catch {
      return error
    }
    session.advance(to: mark)
    return nil
  }

  /// Waits until every message that was submitted is settled.
  private func collect(_ transaction: inout OpenTransaction) async throws {
    var waiting = Set(transaction.batches.filter { $0.composed != nil }.map(\.batch.number))
    while !waiting.isEmpty {
      let reports = await sink.completed(waitingUpTo: .milliseconds(250))
      for report in reports {
        transaction.take(report, isIsolated: false, composer)
        waiting.remove(report.number)
      }
      if reports.isEmpty { try interruption.check() }
    }
  }

  /// Writes down what a commit whose end nobody sees would leave out.
  private func note(_ transaction: OpenTransaction, anchor: String) async throws {
    let isNewAnchor = anchor != session.mark.anchor
    let attempts = transaction.batches.filter {
      isNewAnchor || $0.undelivered != $0.batch.undelivered
    }.map { StateFile.Attempt(number: $0.batch.number, undelivered: $0.undelivered) }
    if !attempts.isEmpty { try await state.note(attempts, anchor: isNewAnchor ? anchor : nil) }
  }

  /// Sends everything once more but the rows that are rejected.
  private func repeatAttempt(_ transaction: inout OpenTransaction) async throws -> KafkaError? {
    do throws(KafkaError) { try await sink.begin() } catch { return error }
    for outgoing in transaction.batches {
      guard let composed = outgoing.composed else { continue }
      let remaining = OpenTransaction.remaining(of: outgoing)
      let isWhole = remaining.count == composed.messages.messages.count
      try await sink.submit(
        composed.messages,
        number: outgoing.batch.number,
        only: isWhole ? nil : remaining
      )
    }
    return try await commit(&transaction)
  }

  /// Finds out which messages of a refused request are to blame, in transactions that are aborted.
  ///
  /// Returns whether there are any.
  private func probe(_ transaction: inout OpenTransaction) async throws -> Bool {
    let suspects = transaction.suspects.sorted { $0.key < $1.key }
    transaction.forgetAttempt()
    for (number, indexes) in suspects {
      guard let outgoing = transaction.batches.first(where: { $0.batch.number == number }),
        let composed = outgoing.composed
      else { continue }
      for start in stride(from: 0, to: indexes.count, by: Self.probesMax) {
        let some = Array(indexes[start..<min(start + Self.probesMax, indexes.count)])
        try await probe(some, of: composed, number, &transaction)
      }
    }
    return transaction.hasLearned
  }

  private func probe(
    _ indexes: [Int],
    of composed: ComposedBatch,
    _ number: Int,
    _ transaction: inout OpenTransaction
  ) async throws {
    var rest = indexes
    while !rest.isEmpty {
      try interruption.check()
      try await session.open(requests: .single)
      do throws(KafkaError) { try await sink.begin() } catch { throw await error.stop(sink) }
      try await sink.submit(composed.messages, number: number, only: rest)
      var untried: [Int] = []
      var refused = 0
      var reports: [BatchReport] = []
      while reports.isEmpty {
        reports = await sink.completed(waitingUpTo: .milliseconds(250))
        if reports.isEmpty { try interruption.check() }
      }
      for report in reports where report.number == number {
        // After the first refusal librdkafka takes no more messages into the transaction.
        for failure in report.failures {
          switch failure.fate {
          case .unknown, .stopped: untried.append(failure.index)
          default: refused += 1
          }
        }
        transaction.take(report, isIsolated: true, composer)
      }
      await sink.abort()
      if refused == 0 { return }
      rest = untried
    }
  }

  /// Makes the batches part of the snapshot, unless the look at what Kafka holds already did.
  private func settle(_ transaction: OpenTransaction) async throws {
    let prepared = Set(try await state.preparedBatches())
    let settlements = transaction.batches.filter { prepared.contains($0.batch.number) }
      .map(\.settlement)
    if !settlements.isEmpty { try await state.commit(settlements, mark: session.mark) }
    let delivered = transaction.batches.reduce(0) { $0 + $1.deliverableCount }
    let isRecovery = isRecovery
    progress.update {
      $0.sent += delivered
      if isRecovery { $0.resent += delivered }
    }
    for outgoing in transaction.batches { composer.settle(outgoing) }
    let problems = transaction.batches.flatMap(\.problems)
    if !problems.isEmpty { try await state.report(problems, run: runNumber) }
  }
}
