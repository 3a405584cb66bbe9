internal import Text
internal import Messages
internal import Rows
internal import State

/// Consecutive batches that are committed together, and what became of their messages.
struct OpenTransaction {
  /// One message of a batch.
  struct MessageID: Hashable, Sendable {
    /// Number of its batch.
    var batch: Int
    /// Its index there.
    var index: Int
  }

  private(set) var shipments: [Shipment]
  private let begunAt: ContinuousClock.Instant
  private var rows: Int
  private var byteCount: Int
  /// Messages to be looked at one by one since a request was refused; empty if none was.
  private(set) var search = RefusalSearch<MessageID>()
  /// Whether the present attempt met a refused request.
  private(set) var hasRefusals = false
  /// Why the present attempt cannot be committed.
  private(set) var failure: DeliveryFailure?
  /// How often requests were made smaller as a whole.
  var halvings = 0

  /// Batches of which rows were refused that is not written down yet.
  var unnoted: Set<Int> = []

  /// What keeps the present attempt from being committed, if anything does.
  var refusal: DeliveryFailure? {
    failure ?? (hasRefusals ? DeliveryFailure(.abortable, "refused") : nil)
  }

  private static let rowsMax = 100_000
  /// Half of what may be under way: while it is committed, the next one is composed.
  private static let byteCountMax = ByteBudget.standard / 2
  private static let durationMax = Duration.seconds(5)

  /// Begins with one batch at the time `now`.
  init(_ first: Shipment, at now: ContinuousClock.Instant) {
    shipments = [first]
    begunAt = now
    rows = first.batch.changes.count
    byteCount = first.byteCount
  }

  /// What was achieved until now: it only grows, and ends with the rows and the sizes there are.
  var achieved: Int { shipments.reduce(halvings) { $0 + $1.failures.count } }

  /// Number of the last batch: the offset that is committed.
  var number: Int { shipments.last?.batch.number ?? 0 }

  /// Token of the last batch in hexadecimal digits.
  var token: String { shipments.last.map { Hexadecimal.text($0.batch.token) } ?? "" }

  /// The first message's topic; nil if there is no message left to send.
  var firstTopic: String? {
    for shipment in shipments {
      if let first = shipment.ownMessages.first { return shipment.outline(of: first).topic }
    }
    return nil
  }

  /// Whether a message goes to `topic`.
  func sends(to topic: String) -> Bool {
    shipments.contains { $0.sends(to: topic) }
  }

  /// Whether `next` may go into it.
  ///
  /// Removals and other changes are never in one transaction: each waits for the end of the other.
  /// Rows that were refused before must not spoil the transaction of others.
  func takes(_ next: Shipment, at now: ContinuousClock.Instant) -> Bool {
    rows + next.batch.changes.count <= Self.rowsMax
      && byteCount + next.byteCount <= Self.byteCountMax
      && now - begunAt < Self.durationMax
      && shipments.last?.batch.isRemoving == next.batch.isRemoving
      && shipments.last?.batch.isRetry == next.batch.isRetry
  }

  mutating func append(_ next: Shipment) {
    shipments.append(next)
    rows += next.batch.changes.count
    byteCount += next.byteCount
  }

  /// Begins another attempt: nothing is known of it.
  mutating func forgetAttempt() {
    search = RefusalSearch()
    hasRefusals = false
    failure = nil
    for shipment in shipments { shipment.forgetPlaces() }
  }

  /// Takes in what became of the `sent` messages of a batch in an attempt to commit.
  ///
  /// Returns those whose rows are to be rejected.
  mutating func take(_ report: DeliveryReport, sent: [Int]) -> [UndeliveredMessage] {
    takeBack(report)
    let outcome = SendingOutcome(report.failures, of: sent.count, at: .full)
    let id = { MessageID(batch: report.number, index: $0) }
    search.refuse(outcome.suspects.map(id), at: .full)
    search.add(outcome.untried.map(id), at: .full)
    hasRefusals = hasRefusals || !outcome.suspects.isEmpty
    if failure == nil { failure = outcome.failure?.error }
    return outcome.refused
  }

  /// Takes in what became of the messages of a batch in a round of the search.
  mutating func take(
    _ report: DeliveryReport,
    of round: RefusalSearch<MessageID>.Round
  ) -> SendingOutcome {
    takeBack(report)
    let sent = round.messages.filter { $0.batch == report.number }
    let outcome = SendingOutcome(report.failures, of: sent.count, at: round.width)
    let id = { MessageID(batch: report.number, index: $0) }
    search.clear(outcome.accepted, at: round.width)
    search.refuse(outcome.suspects.map(id), at: round.width)
    search.add(outcome.untried.map(id), at: round.width)
    return outcome
  }

  /// The next messages to look at: they are never committed, so their order does not matter.
  mutating func nextRound() -> RefusalSearch<MessageID>.Round? {
    let shipments = Dictionary(shipments.map { ($0.batch.number, $0) }) { $1 }
    return search.next { id in
      guard let message = shipments[id.batch]?.outline(of: id.index) else { return 0 }
      // Most refusals are about a missing key or the size.
      return message.hasKey ? message.byteCount : Int.max
    }
  }

  /// Puts back messages of a round that came to nothing.
  mutating func putBack(_ round: RefusalSearch<MessageID>.Round) {
    search.add(round.messages, at: round.width)
  }

  /// Null values that leave, by batch; the others are withheld.
  ///
  /// Every message of the transaction was accepted: what stands is known.
  func chooseNullValues(_ standing: StandingPlaces) -> [(shipment: Shipment, indexes: [Int])] {
    var own = StandingPlaces()
    for shipment in shipments { own.stand(at: shipment.places) }
    var chosen: [(shipment: Shipment, indexes: [Int])] = []
    for shipment in shipments {
      let nullValues = shipment.nullValues
      let isTaken = { (index: Int) in
        shipment.place(of: index).map { own.isTaken($0) || standing.isTaken($0) } ?? false
      }
      let indexes = nullValues.filter { !isTaken($0) }
      shipment.hold(nullValues.filter(isTaken), .placeTaken)
      if !indexes.isEmpty { chosen.append((shipment, indexes)) }
    }
    return chosen
  }

  /// The batch with this number.
  func shipment(_ number: Int) -> Shipment? {
    shipments.first { $0.batch.number == number }
  }

  /// Takes back the envelope of a batch that was submitted.
  func takeBack(_ report: DeliveryReport) {
    shipment(report.number)?.take(report)
  }
}
