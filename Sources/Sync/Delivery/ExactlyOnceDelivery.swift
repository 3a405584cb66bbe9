internal import Messages
internal import Reports
internal import Rows
internal import Settings
internal import State

/// Sends prepared batches in transactions: a `read_committed` consumer sees every change once.
///
/// One task composes while another sends; a transaction takes the batches that are ready and never
/// waits for more. Whatever goes wrong with one, the next step is the same: a new producer, which
/// ends it, and a look at what Kafka holds. What is refused is looked for in transactions that are
/// aborted; only a producer that never aborted one commits.
final class ExactlyOnceDelivery: Delivery {
  private let composer: BatchComposer
  private let session: TransactionSession
  private let state: StateFile
  private let progress: RunProgress
  private let interruption: RunInterruption
  private let runNumber: Int
  private let isRecovery: Bool

  private let clock: RunClock
  private var waiting: WaitingNotice
  private let say: @Sendable (String) -> Void
  private var notedAt: ContinuousClock.Instant
  /// Where messages of this run stand.
  private var places: StandingPlaces

  private var sink: any Destination { session.destination }
  private var transactions: any Transactions { session.transactions }

  /// Composed batches that wait for a transaction.
  private static let queueCapacity = 2
  /// How often at most it is written down which rows are refused: each time flushes the disk.
  private static let noteInterval = Duration.milliseconds(250)
  /// From the largest request to one of a byte.
  private static let halvingsMax = 20

  init(
    _ composer: BatchComposer,
    in session: TransactionSession,
    of body: RunBody,
    isRecovery: Bool,
    places: StandingPlaces = StandingPlaces(),
    clock: RunClock = .live
  ) {
    self.places = places
    self.clock = clock
    waiting = WaitingNotice(clock: clock)
    say = body.run.note
    notedAt = clock.now()
    self.composer = composer
    self.session = session
    self.isRecovery = isRecovery
    state = body.state
    progress = body.run.progress
    interruption = body.run.interruption
    runNumber = body.number
    // What nobody knows then, the next run finds out.
    interruption.onRequest { [transactions = session.transactions] in transactions.interrupt() }
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
          guard let outgoing = try await composer.compose(batch), await ready.send(outgoing)
          else { return }
        }
      }
      do {
        try await transact(ready)
      } catch {
        ready.close()
        feed.stop()
        await transactions.abort()
        throw error
      }
      // What was composed is sent; now what stopped the feed may be told.
      try await group.waitForAll()
    }
    if composer.isStopped { throw TooManyRejections() }
  }

  /// One transaction after the other until the queue ends.
  private func transact(_ ready: BoundedQueue<OutgoingBatch>) async throws {
    var next = await ready.receive()
    while let first = next {
      try interruption.check()
      var transaction = OpenTransaction(first, at: clock.now())
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
    var failure: DeliveryFailure?
    while true {
      if failure == nil, let last = transaction.batches.last {
        failure = try await submit(last, isBegun: &isBegun)
      }
      next = ready.poll()
      guard let batch = next, transaction.takes(batch, at: clock.now()) else { break }
      transaction.append(batch)
      next = nil
    }
    if isBegun { try await conclude(&transaction, after: failure) }
    try await settle(transaction)
    return next
  }

  /// Sends the messages of a batch, beginning the transaction with the first.
  private func submit(
    _ outgoing: OutgoingBatch,
    isBegun: inout Bool
  ) async throws -> DeliveryFailure? {
    guard let composed = outgoing.composed else { return nil }
    try await sink.prepare(
      composed.messages.topics.filter { sink.topics.partitions(of: $0) != nil }
    )
    if !isBegun {
      if !session.isHeld { try await session.hold(anchor: composed.messages.topic(of: 0)) }
      isBegun = true
      do throws(DeliveryFailure) { try await transactions.begin() } catch { return error }
    }
    progress.update { $0.submitted += composed.messages.messages.count }
    try await sink.submit(
      composed.messages,
      number: outgoing.batch.number,
      outgoing.ownSelection
    )
    return nil
  }

  // MARK: - Commit

  /// Commits the transaction, in as many attempts as bring something new and some more.
  private func conclude(
    _ transaction: inout OpenTransaction,
    after first: DeliveryFailure?
  ) async throws {
    var failure = first
    if failure == nil { failure = try await commit(&transaction) }
    var persistence = Persistence()
    while let error = failure {
      guard persistence.allowsAnother(achieved: transaction.achieved), !error.isFinal else {
        throw await error.stop(sink)
      }
      try interruption.check()
      var requests = RequestSize.full
      if transaction.hasRefusals {
        // Where no message is to blame, the request was too large as a whole.
        requests = try await findRefused(&transaction) ? .full : .halved
        if requests == .halved, transaction.halvings < Self.halvingsMax {
          transaction.halvings += 1
        }
      }
      try await session.open(requests: requests)
      if session.mark.number >= transaction.number { return }
      transaction.forgetAttempt()
      failure = try await repeatAttempt(&transaction)
    }
  }

  /// Waits for the messages and commits them with the offset; returns why that failed.
  private func commit(_ transaction: inout OpenTransaction) async throws -> DeliveryFailure? {
    var sent: [Int: [Int]] = [:]
    for outgoing in transaction.batches where outgoing.composed != nil {
      sent[outgoing.batch.number] = outgoing.ownMessages
    }
    _ = try await collect(&transaction, sent)
    try await noteRefusals(&transaction)
    if let error = transaction.refusal { return error }
    if let error = try await sendNullValues(&transaction) { return error }
    guard let topic = transaction.firstTopic else {
      // Every message was refused: there is nothing to commit.
      await transactions.abort()
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
    do throws(DeliveryFailure) {
      try await transactions.commit(Int64(mark.number), token: mark.token, topic: anchor)
    } catch {
      return error
    }
    session.advance(to: mark)
    return nil
  }

  /// Sends null values for the places that rows leave, now that the rows' own messages are accepted.
  ///
  /// A row of which one message is refused leaves none: then the transaction cannot be committed.
  private func sendNullValues(
    _ transaction: inout OpenTransaction
  ) async throws -> DeliveryFailure? {
    var sent: [Int: [Int]] = [:]
    for (position, indexes) in transaction.chooseNullValues(places) {
      let outgoing = transaction.batches[position]
      guard let messages = outgoing.composed?.messages else { continue }
      try await sink.submit(messages, number: outgoing.batch.number, .subset(indexes))
      sent[outgoing.batch.number] = indexes
    }
    let isRefused = try await collect(&transaction, sent)
    return transaction.refusal
      ?? (isRefused ? DeliveryFailure(.abortable, "a null value was refused") : nil)
  }

  /// Waits until the messages `sent` are settled; returns whether rows were rejected for them.
  private func collect(
    _ transaction: inout OpenTransaction,
    _ sent: [Int: [Int]]
  ) async throws -> Bool {
    var isRefused = false
    for report in try await reports(on: Set(sent.keys)) {
      let refused = transaction.take(report, sent: sent[report.number] ?? [])
      try await reject(refused, of: report.number, &transaction)
      isRefused = isRefused || !refused.isEmpty
    }
    return isRefused
  }

  /// Waits for the reports on the batches with these numbers.
  private func reports(on numbers: Set<Int>) async throws -> [DeliveryReport] {
    var waiting = numbers
    var all: [DeliveryReport] = []
    while !waiting.isEmpty {
      let reports = await sink.completed(waitingUpTo: .milliseconds(250))
      for report in reports where waiting.remove(report.number) != nil { all.append(report) }
      if self.waiting.isDue(isWaiting: reports.isEmpty) { say(composer.waitingText) }
      if reports.isEmpty { try interruption.check() }
    }
    return all
  }

  /// Rejects rows, and writes that down now and then.
  private func reject(
    _ failures: [UndeliveredMessage],
    of number: Int,
    _ transaction: inout OpenTransaction
  ) async throws {
    guard !failures.isEmpty,
      let position = transaction.batches.firstIndex(where: { $0.batch.number == number })
    else { return }
    await composer.reject(&transaction.batches[position], failures)
    transaction.unnoted.insert(number)
    if clock.now() - notedAt >= Self.noteInterval { try await noteRefusals(&transaction) }
  }

  /// Writes down which rows are refused: a run that ends here leaves the next one what it knows.
  private func noteRefusals(_ transaction: inout OpenTransaction) async throws {
    notedAt = clock.now()
    let new = transaction.batches.filter { transaction.unnoted.contains($0.batch.number) }
    transaction.unnoted = []
    if !new.isEmpty { try await state.note(new.map(\.refusal)) }
  }

  /// Writes down what a commit whose end nobody sees would leave out, and where its messages stand.
  private func note(_ transaction: OpenTransaction, anchor: String) async throws {
    let isNewAnchor = anchor != session.mark.anchor
    let attempts = transaction.batches.filter {
      isNewAnchor || $0.undelivered != $0.batch.undelivered
    }.map { StateFile.Attempt(number: $0.batch.number, undelivered: $0.undelivered) }
    if !attempts.isEmpty { try await state.note(attempts, anchor: isNewAnchor ? anchor : nil) }
    let places = transaction.batches.map { ($0.batch.number, $0.places) }
      .filter { !$0.1.isEmpty }.map { ($0.0, StandingPlaces.bytes(of: $0.1)) }
    try await state.note(places: Dictionary(places) { $1 })
  }

  /// Sends everything once more but the rows that are rejected.
  private func repeatAttempt(_ transaction: inout OpenTransaction) async throws -> DeliveryFailure?
  {
    do throws(DeliveryFailure) { try await transactions.begin() } catch { return error }
    for outgoing in transaction.batches {
      guard let composed = outgoing.composed else { continue }
      try await sink.submit(
        composed.messages,
        number: outgoing.batch.number,
        outgoing.ownSelection
      )
    }
    return try await commit(&transaction)
  }

  // MARK: - What is refused

  /// Finds out which messages are refused, in transactions that are aborted.
  ///
  /// Returns whether there are any.
  private func findRefused(_ transaction: inout OpenTransaction) async throws -> Bool {
    let known = transaction.achieved
    var width: RequestWidth?
    var persistence = Persistence()
    var achieved = 0
    while let round = transaction.nextRound() {
      try interruption.check()
      if width != round.width {
        let requests = round.width.messages.map { RequestSize.messages($0) } ?? .full
        try await session.open(requests: requests)
        if session.mark.number >= transaction.number { return true }
        width = round.width
      }
      let (gain, failure) = try await probe(round, &transaction)
      achieved += gain
      if let failure, failure.isFinal || gain == 0 {
        guard !failure.isFinal, persistence.allowsAnother(achieved: achieved) else {
          throw await failure.stop(sink)
        }
        width = nil
      }
      // What cannot be ended is ended by the next producer.
      if !(await transactions.abort()) { width = nil }
    }
    try await noteRefusals(&transaction)
    return transaction.achieved > known
  }

  /// Tries the messages of one round in a transaction; after the first refusal librdkafka takes no
  /// more into it.
  ///
  /// Returns of how many messages something was learned, and what else went wrong.
  private func probe(
    _ round: RefusalSearch<OpenTransaction.MessageID>.Round,
    _ transaction: inout OpenTransaction
  ) async throws -> (gain: Int, failure: DeliveryFailure?) {
    do throws(DeliveryFailure) {
      try await transactions.begin()
    } catch {
      transaction.putBack(round)
      return (0, error)
    }
    var numbers: Set<Int> = []
    for outgoing in transaction.batches {
      let indexes = round.messages.filter { $0.batch == outgoing.batch.number }.map(\.index)
      guard let messages = outgoing.composed?.messages, !indexes.isEmpty else { continue }
      try await sink.submit(messages, number: outgoing.batch.number, .subset(indexes))
      numbers.insert(outgoing.batch.number)
    }
    var gain = 0
    var failure: DeliveryFailure?
    for report in try await reports(on: numbers) {
      let outcome = transaction.take(report, of: round)
      gain += outcome.accepted + outcome.suspects.count + outcome.refused.count
      failure = failure ?? outcome.failure?.error
      try await reject(outcome.refused, of: report.number, &transaction)
    }
    return (gain, failure)
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
    for outgoing in transaction.batches {
      places.stand(at: outgoing.places)
      composer.settle(outgoing)
    }
    let problems = transaction.batches.flatMap(\.problems)
    if !problems.isEmpty { try await state.report(problems, run: runNumber) }
  }
}
