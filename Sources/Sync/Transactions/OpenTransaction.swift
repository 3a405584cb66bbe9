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

  var batches: [OutgoingBatch]
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
  private static let byteCountMax = 32 << 20
  private static let durationMax = Duration.seconds(5)

  /// Begins with one batch at the time `now`.
  init(_ first: OutgoingBatch, at now: ContinuousClock.Instant) {
    batches = [first]
    begunAt = now
    rows = first.batch.changes.count
    byteCount = first.byteCount
  }

  /// What was achieved until now: it only grows, and ends with the rows and the sizes there are.
  var achieved: Int { batches.reduce(halvings) { $0 + $1.undelivered.count } }

  /// Number of the last batch: the offset that is committed.
  var number: Int { batches.last?.batch.number ?? 0 }

  /// Token of the last batch in hexadecimal digits.
  var token: String { batches.last.map { Hexadecimal.text($0.batch.token) } ?? "" }

  /// The first message's topic; nil if there is no message left to send.
  var firstTopic: String? {
    for outgoing in batches {
      if let composed = outgoing.composed, let first = outgoing.ownMessages.first {
        return composed.messages.topic(of: first)
      }
    }
    return nil
  }

  /// Whether a message goes to `topic`.
  func sends(to topic: String) -> Bool {
    batches.contains { outgoing in
      guard let messages = outgoing.composed?.messages,
        let index = messages.topics.firstIndex(of: topic)
      else { return false }
      return messages.messages.contains { Int($0.topic) == index }
    }
  }

  /// Whether `next` may go into it.
  ///
  /// Removals and other changes are never in one transaction: each waits for the end of the other.
  /// Rows that were refused before must not spoil the transaction of others.
  func takes(_ next: OutgoingBatch, at now: ContinuousClock.Instant) -> Bool {
    rows + next.batch.changes.count <= Self.rowsMax
      && byteCount + next.byteCount <= Self.byteCountMax
      && now - begunAt < Self.durationMax
      && batches.last?.batch.isRemoving == next.batch.isRemoving
      && batches.last?.batch.isRetry == next.batch.isRetry
  }

  mutating func append(_ next: OutgoingBatch) {
    batches.append(next)
    rows += next.batch.changes.count
    byteCount += next.byteCount
  }

  /// Begins another attempt: nothing is known of it.
  mutating func forgetAttempt() {
    search = RefusalSearch()
    hasRefusals = false
    failure = nil
    for index in batches.indices { batches[index].withheld = [] }
  }

  /// Takes in what became of the `sent` messages of a batch in an attempt to commit.
  ///
  /// Returns those whose rows are to be rejected.
  mutating func take(_ report: DeliveryReport, sent: [Int]) -> [UndeliveredMessage] {
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
    let batches = Dictionary(batches.map { ($0.batch.number, $0.composed?.messages) }) { $1 }
    return search.next { id in
      guard let messages = batches[id.batch].flatMap({ $0 }) else { return 0 }
      // Most refusals are about a missing key or the size.
      return messages.messages[id.index].key == nil ? Int.max : messages.byteCount(of: id.index)
    }
  }

  /// Puts back messages of a round that came to nothing.
  mutating func putBack(_ round: RefusalSearch<MessageID>.Round) {
    search.add(round.messages, at: round.width)
  }

  /// Null values that leave, by the position of their batch; the others are withheld.
  ///
  /// Every message of the transaction was accepted: what stands is known.
  mutating func chooseNullValues(_ standing: StandingPlaces) -> [(position: Int, indexes: [Int])] {
    var own = StandingPlaces()
    for outgoing in batches { own.stand(at: outgoing.places) }
    var chosen: [(position: Int, indexes: [Int])] = []
    for position in batches.indices {
      var indexes: [Int] = []
      for index in batches[position].nullValues {
        let place = batches[position].place(of: index)
        if let place, own.isTaken(place) || standing.isTaken(place) {
          batches[position].withheld.insert(index)
        } else {
          indexes.append(index)
        }
      }
      if !indexes.isEmpty { chosen.append((position, indexes)) }
    }
    return chosen
  }
}
