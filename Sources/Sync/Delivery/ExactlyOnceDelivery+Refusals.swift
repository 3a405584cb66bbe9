internal import Messages
internal import Rows
internal import State

/// Finding out which messages of a transaction the broker refuses.
extension ExactlyOnceDelivery {
  /// Finds out which messages are refused, in transactions that are aborted.
  ///
  /// Returns whether there are any.
  func findRefused(_ transaction: inout OpenTransaction) async throws -> Bool {
    let known = transaction.achieved
    var width: RequestWidth?
    var persistence = Persistence()
    var achieved = 0
    while let round = transaction.nextRound() {
      try interruption.check()
      if width != round.width {
        let requests = round.width.messages.map { RequestSize.messages($0) } ?? .full
        await takeBack(transaction)
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
    for shipment in transaction.shipments where shipment.composition != nil {
      let indexes = round.messages.filter { $0.batch == shipment.batch.number }.map(\.index)
      if indexes.isEmpty { continue }
      try await submit(shipment, .subset(indexes))
      numbers.insert(shipment.batch.number)
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

  /// Rejects rows, and writes that down now and then.
  func reject(
    _ failures: [UndeliveredMessage],
    of number: Int,
    _ transaction: inout OpenTransaction
  ) async throws {
    guard !failures.isEmpty,
      let shipment = transaction.shipment(number)
    else { return }
    await composer.reject(shipment, failures)
    transaction.unnoted.insert(number)
    if clock.now() - notedAt >= Self.noteInterval { try await noteRefusals(&transaction) }
  }

  /// Writes down which rows are refused: a run that ends here leaves the next one what it knows.
  func noteRefusals(_ transaction: inout OpenTransaction) async throws {
    notedAt = clock.now()
    let new = transaction.shipments.filter { transaction.unnoted.contains($0.batch.number) }
    transaction.unnoted = []
    if !new.isEmpty { try await state.note(new.map(\.refusal)) }
  }
}
