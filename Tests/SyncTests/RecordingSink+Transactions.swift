import Sync
import Rows
import Synchronization

extension RecordingSink {
  /// What a cluster knows of one transactional id.
  struct Transactions {
    var id: String?
    /// Messages in a request, at most.
    var perRequest: Int?
    var halvings = 0
    /// Messages of the open transaction.
    var open: [Message]?
    /// Whether a message of it failed.
    var isSpoiled = false
    var offsets: [String: HeldMark] = [:]
    var commits = 0
    var aborts = 0
  }

  var offsets: [HeldMark] { state.withLock { Array($0.transactions.offsets.values) } }
  var commits: Int { state.withLock { $0.transactions.commits } }

  func set(offsets: [HeldMark]) {
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

  /// Sends messages in requests of `count`, each refused whole for one that `isRefused`.
  ///
  /// In a transaction nothing is sent any more after the first refusal.
  mutating func send(
    _ indexes: [Int],
    of messages: [RecordingSink.Message],
    by count: Int,
    isRefused: (RecordingSink.Message) -> Bool
  ) -> [UndeliveredMessage] {
    var failures: [UndeliveredMessage] = []
    for start in stride(from: 0, to: indexes.count, by: max(count, 1)) {
      let request = indexes[start..<min(start + max(count, 1), indexes.count)]
      if transactions.id != nil, transactions.isSpoiled || !failures.isEmpty {
        failures += request.map { RecordingSink.failure($0, .unknown) }
        continue
      }
      requests += 1
      let sent = request.map { messages[$0] }
      if sent.contains(where: isRefused) {
        let fate = count == 1 ? UndeliveredMessage.Fate.refused : .refusedWithRequest
        failures += request.map { RecordingSink.failure($0, fate) }
      } else {
        sent.forEach { accept($0) }
      }
    }
    return failures
  }

  mutating func finish(_ report: DeliveryReport) {
    if !report.failures.isEmpty { transactions.isSpoiled = true }
    reports.append(report)
  }
}

extension RecordingSink: Sync.Transactions {
  var transactions: (any Sync.Transactions)? { self }

  func open(id: String, requests: RequestSize) async throws(DeliveryFailure) {
    try call { state in
      state.transactions.id = id
      state.transactions.perRequest = nil
      if case .messages(let count) = requests { state.transactions.perRequest = count }
      if requests == .halved { state.transactions.halvings += 1 }
      state.transactions.open = nil
      state.reports = []
    }
  }

  func close() async throws(DeliveryFailure) {
    try call { $0.transactions.id = nil }
  }

  func marks(of id: String, waiting: Bool) async throws(DeliveryFailure) -> [HeldMark] {
    try call { Array($0.transactions.offsets.values) }
  }

  func begin() async throws(DeliveryFailure) {
    try call { state in
      state.transactions.open = []
      state.transactions.isSpoiled = false
    }
  }

  func commit(
    _ number: Int64,
    token: String,
    topic: String
  ) async throws(DeliveryFailure) {
    try call { (state) throws(DeliveryFailure) in
      guard let messages = state.transactions.open, !state.transactions.isSpoiled else {
        throw DeliveryFailure(.abortable, "the transaction is spoiled")
      }
      state.messages += messages
      state.transactions.open = nil
      state.transactions.offsets[topic] =
        HeldMark(topic: topic, partition: 0, number: number, token: token)
      state.transactions.commits += 1
    }
  }

  func interrupt() {}

  func abort() async -> Bool {
    state.withLock { state in
      state.transactions.open = nil
      state.transactions.aborts += 1
      return !state.isDead
    }
  }
}
