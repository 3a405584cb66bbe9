import Engine
import Kafka
import KafkaLogin
import Rows
import Synchronization

extension RecordingSink {
  /// What a cluster knows of one transactional id.
  struct Transactions {
    var id: String?
    var isIsolated = false
    var halvings = 0
    /// Messages of the open transaction.
    var open: [Message]?
    /// Whether a message of it failed.
    var isSpoiled = false
    var offsets: [String: CommittedOffset] = [:]
    var commits = 0
  }

  var offsets: [CommittedOffset] { state.withLock { Array($0.transactions.offsets.values) } }
  var commits: Int { state.withLock { $0.transactions.commits } }

  func set(offsets: [CommittedOffset]) {
    state.withLock { state in
      state.transactions.offsets = [:]
      for offset in offsets { state.transactions.offsets[offset.topic] = offset }
    }
  }
}

extension RecordingSink.State {
  mutating func accept(_ message: RecordingSink.Message) {
    if transactions.open == nil {
      messages.append(message)
    } else {
      transactions.open?.append(message)
    }
  }

  /// Whether a message with one of `keys` is among the messages of a request.
  func hasLargeRequest(_ keys: Set<String>, _ batch: MessageBatch, _ indexes: [Int]) -> Bool {
    indexes.contains { keys.contains(RecordingSink.read(batch, $0).key ?? "") }
  }
}

extension RecordingSink: TransactionalSink {
  func openTransactions(id: String, requests: RequestSize) async throws(KafkaError) {
    try call { state in
      state.transactions.id = id
      state.transactions.isIsolated = requests == .single
      if requests == .halved { state.transactions.halvings += 1 }
      state.transactions.open = nil
      state.reports = []
    }
  }

  func closeTransactions() async throws(KafkaError) {
    try call { $0.transactions.id = nil }
  }

  func committedOffsets() async throws(KafkaError) -> [CommittedOffset] {
    try call { Array($0.transactions.offsets.values) }
  }

  func begin() async throws(KafkaError) {
    try call { state in
      state.transactions.open = []
      state.transactions.isSpoiled = false
    }
  }

  func commit(
    _ offset: Int64,
    metadata: String,
    topic: String
  ) async throws(KafkaError) {
    try call { (state) throws(KafkaError) in
      guard let messages = state.transactions.open, !state.transactions.isSpoiled else {
        throw KafkaError(code: .abortable, message: "the transaction is spoiled")
      }
      state.messages += messages
      state.transactions.open = nil
      state.transactions.offsets[topic] =
        CommittedOffset(topic: topic, partition: 0, offset: offset, metadata: metadata)
      state.transactions.commits += 1
    }
  }

  func interrupt() {}

  func abort() async {
    state.withLock { $0.transactions.open = nil }
  }
}
