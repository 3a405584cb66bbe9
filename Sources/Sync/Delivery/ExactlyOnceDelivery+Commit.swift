internal import Messages
internal import Reports
internal import Rows
internal import Settings
internal import State

/// The end of a transaction, and what becomes of its batches.
extension ExactlyOnceDelivery {
  /// Commits the transaction, in as many attempts as bring something new and some more.
  func conclude(
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
      await takeBack(transaction)
      try await session.open(requests: requests)
      if session.mark.number >= transaction.number { return }
      transaction.forgetAttempt()
      failure = try await repeatAttempt(&transaction)
    }
  }

  /// Waits for the messages and commits them with the offset; returns why that failed.
  func commit(_ transaction: inout OpenTransaction) async throws -> DeliveryFailure? {
    var sent: [Int: [Int]] = [:]
    for shipment in transaction.shipments where shipment.composition != nil {
      sent[shipment.batch.number] = shipment.ownMessages
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
      try await progress.committing(.transaction) { () async throws(DeliveryFailure) in
        try await transactions.commit(Int64(mark.number), token: mark.token, topic: anchor)
      }
    } catch {
      return error
    }
    session.advance(to: mark)
    return nil
  }

  /// Sends null values for the places that rows leave, now that the rows' own messages are accepted.
  ///
  /// A row of which one message is refused leaves none: then the transaction cannot be committed.
  func sendNullValues(
    _ transaction: inout OpenTransaction
  ) async throws -> DeliveryFailure? {
    var sent: [Int: [Int]] = [:]
    for (shipment, indexes) in transaction.chooseNullValues(places) {
      try await submit(shipment, .subset(indexes))
      sent[shipment.batch.number] = indexes
    }
    let isRefused = try await collect(&transaction, sent)
    return transaction.refusal
      ?? (isRefused ? DeliveryFailure(.abortable, "a null value was refused") : nil)
  }

  /// Waits until the messages `sent` are settled; returns whether rows were rejected for them.
  func collect(
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
  func reports(on numbers: Set<Int>) async throws -> [DeliveryReport] {
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

  /// Takes back what the producer still has: the next one sends it again.
  func takeBack(_ transaction: OpenTransaction) async {
    for report in await sink.abandon(waitingUpTo: .zero) { transaction.takeBack(report) }
  }

  /// Writes down what a commit whose end nobody sees would leave out, and where its messages stand.
  func note(_ transaction: OpenTransaction, anchor: String) async throws {
    let isNewAnchor = anchor != session.mark.anchor
    let attempts = transaction.shipments.filter {
      isNewAnchor || $0.undelivered != $0.batch.undelivered
    }.map { StateFile.Attempt(number: $0.batch.number, undelivered: $0.undelivered) }
    if !attempts.isEmpty { try await state.note(attempts, anchor: isNewAnchor ? anchor : nil) }
    let places = transaction.shipments.map { ($0.batch.number, $0.places) }
      .filter { !$0.1.isEmpty }.map { ($0.0, StandingPlaces.bytes(of: $0.1)) }
    try await state.note(places: Dictionary(places) { $1 })
  }

  /// Sends everything once more, except for the rows that are rejected.
  func repeatAttempt(_ transaction: inout OpenTransaction) async throws -> DeliveryFailure? {
    do throws(DeliveryFailure) { try await transactions.begin() } catch { return error }
    for shipment in transaction.shipments where shipment.composition != nil {
      try await submit(shipment, shipment.ownSelection)
    }
    return try await commit(&transaction)
  }

  /// Makes the batches part of the snapshot, unless the look at what Kafka holds already did.
  func record(_ transaction: OpenTransaction) async throws {
    let prepared = Set(try await state.preparedBatches())
    let settlements = transaction.shipments.filter { prepared.contains($0.batch.number) }
      .map(\.settlement)
    if !settlements.isEmpty {
      try await progress.committing(.state) {
        try await state.commit(settlements, mark: session.mark)
      }
    }
    let delivered = transaction.shipments.reduce(0) { $0 + $1.deliverableCount }
    let bytes = transaction.shipments.reduce(0) { $0 + $1.deliverableBytes }
    let isRecovery = isRecovery
    progress.update {
      $0.sent += delivered
      $0.sentBytes += bytes
      if isRecovery { $0.resent += delivered }
    }
    for shipment in transaction.shipments {
      places.stand(at: shipment.places)
      composer.unload(shipment)
    }
    let problems = transaction.shipments.flatMap(\.problems)
    if !problems.isEmpty { try await state.report(problems, run: runNumber) }
  }
}
