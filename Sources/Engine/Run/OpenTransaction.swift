internal import Kafka
internal import Messages
internal import Rows
internal import Snapshot

/// Consecutive batches that are committed together, and what became of their messages in the
/// present attempt.
struct OpenTransaction {
  private(set) var batches: [OutgoingBatch]
  private let begunAt = ContinuousClock.now
  private var rows: Int
  private var byteCount: Int
  /// Messages that were refused with others in one request, by batch.
  private(set) var suspects: [Int: [Int]] = [:]
  /// Why the present attempt cannot be committed.
  private(set) var failure: MessageFailure?
  /// Whether the present attempt found rows to reject.
  private(set) var hasLearned = false

  private static let rowsMax = 100_000
  private static let byteCountMax = 32 << 20
  private static let durationMax = Duration.seconds(5)

  init(_ first: OutgoingBatch) {
    batches = [first]
    rows = first.batch.changes.count
    byteCount = first.byteCount
  }

  /// Number of the last batch: the offset that is committed.
  var number: Int { batches.last?.batch.number ?? 0 }

  /// Token of the last batch in hexadecimal digits.
  var token: String { batches.last.map { Self.hexadecimal($0.batch.token) } ?? "" }

  /// The first message's topic; nil where there is no message left to send.
  var firstTopic: String? {
    for outgoing in batches {
      if let composed = outgoing.composed, let first = Self.remaining(of: outgoing).first {
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
  func takes(_ next: OutgoingBatch) -> Bool {
    rows + next.batch.changes.count <= Self.rowsMax
      && byteCount + next.byteCount <= Self.byteCountMax
      && ContinuousClock.now - begunAt < Self.durationMax
      && batches.last?.batch.isRemoving == next.batch.isRemoving
  }

  mutating func append(_ next: OutgoingBatch) {
    batches.append(next)
    rows += next.batch.changes.count
    byteCount += next.byteCount
  }

  /// Indexes of the messages whose rows are not rejected.
  static func remaining(of outgoing: OutgoingBatch) -> [Int] {
    guard let composed = outgoing.composed else { return [] }
    return composed.messages.messages.indices.filter {
      !outgoing.undelivered.contains(Int(composed.positions[$0]))
    }
  }

  /// Begins another attempt: nothing is known of it.
  mutating func forgetAttempt() {
    suspects = [:]
    failure = nil
    hasLearned = false
  }

  /// Takes in what became of the messages of a batch.
  ///
  /// `isIsolated`: each was in a request of its own, so that a refusal blames the right one.
  mutating func take(_ report: BatchReport, isIsolated: Bool, _ composer: BatchComposer) {
    guard let index = batches.firstIndex(where: { $0.batch.number == report.number }) else {
      return
    }
    for failure in report.failures {
      switch failure.fate {
      case .refusedWithRequest where !isIsolated:
        suspects[report.number, default: []].append(failure.index)
      case .refused, .refusedWithRequest, .unknownTopicOrPartition:
        composer.reject(&batches[index], failure)
        hasLearned = true
      case .unknown, .stopped:
        if self.failure == nil { self.failure = failure }
      }
    }
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
