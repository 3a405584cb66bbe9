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
  let composer: BatchComposer
  let session: TransactionSession
  let state: StateFile
  let progress: RunProgress
  let interruption: RunInterruption
  let runNumber: Int
  let isRecovery: Bool

  let clock: RunClock
  var waiting: WaitingNotice
  let say: @Sendable (String) -> Void
  var notedAt: ContinuousClock.Instant
  /// Where messages of this run stand.
  var places: StandingPlaces

  var sink: any Destination { session.destination }
  var transactions: any Transactions { session.transactions }

  /// How often at most it is written down which rows are refused: each time flushes the disk.
  static let noteInterval = Duration.milliseconds(250)
  /// From the largest request to one of a byte.
  static let halvingsMax = 20

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
    try await composer.compose(feed) { ready in
      do {
        try await transact(ready)
      } catch {
        feed.stop()
        await transactions.abort()
        throw error
      }
    }
    if composer.isStopped { throw TooManyRejections() }
  }

  /// One transaction after the other until the queue ends.
  private func transact(_ ready: BoundedQueue<Shipment>) async throws {
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
    from ready: BoundedQueue<Shipment>
  ) async throws -> Shipment? {
    var next: Shipment?
    var isBegun = false
    var failure: DeliveryFailure?
    while true {
      if failure == nil, let last = transaction.shipments.last {
        failure = try await submit(last, isBegun: &isBegun)
      }
      next = ready.poll()
      guard let batch = next, transaction.takes(batch, at: clock.now()) else { break }
      transaction.append(batch)
      next = nil
    }
    if isBegun { try await conclude(&transaction, after: failure) }
    try await record(transaction)
    return next
  }

  /// Sends the messages of a batch, beginning the transaction with the first.
  private func submit(
    _ shipment: Shipment,
    isBegun: inout Bool
  ) async throws -> DeliveryFailure? {
    guard let composition = shipment.composition else { return nil }
    try await sink.prepare(
      shipment.topics.filter { sink.topics.partitions(of: $0) != nil }
    )
    if !isBegun {
      if !session.isHeld { try await session.hold(anchor: shipment.outline(of: 0).topic) }
      isBegun = true
      do throws(DeliveryFailure) { try await transactions.begin() } catch { return error }
    }
    progress.update { $0.submitted += composition.messageCount }
    try await submit(shipment, shipment.ownSelection)
    return nil
  }

  /// Hands the messages that `selection` picks to the destination.
  func submit(_ shipment: Shipment, _ selection: Selection) async throws {
    let envelope = shipment.envelopeToSubmit()
    try await sink.submit(envelope, number: shipment.batch.number, selection)
  }
}
