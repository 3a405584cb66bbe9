import Blocking
import Reports
import Rows
import Synchronization

@testable import Sync

/// A cluster in memory: keeps what it acknowledges, and fails if a test says so.
///
/// With a transactional id, messages count when their transaction is committed.
final class RecordingSink: Destination, TopicDirectory {
  struct Message: Hashable, Sendable {
    var topic: String
    var partition: Int32
    var key: String?
    var value: String?
    var headers: [String: String]
    /// The value as it was sent, whatever its bytes are.
    var bytes: [UInt8] = []
  }

  /// What happens to the messages of a submission.
  enum Answer: Sendable {
    case acknowledge
    /// The messages arrive, and their acknowledgement does not.
    case loseAcknowledgement
    /// Nothing arrives.
    case lose
    /// The message with this index is refused.
    case refuse(Int)
    /// The request is refused as too large; alone, those with these keys are.
    case refuseRequest(keys: Set<String>)
    /// Requests of several messages are refused until they were halved so often.
    case refuseRequestUntilHalved(Int)
  }

  /// How a call fails.
  enum Fault: Sendable, Hashable {
    /// Nothing happens, and the call throws.
    case refuse(DeliveryFailure.Code)
    /// It happens, and the call throws.
    case lose(DeliveryFailure.Code)
    /// Nothing happens, and every later call throws, too: the process was killed before.
    case dieBefore
    /// It happens, and every later call throws: the process was killed after.
    case dieAfter
  }

  struct State {
    var topics: [String: Int] = ["rows": 3]
    var messages: [Message] = []
    var reports: [DeliveryReport] = []
    var calls = 0
    /// Requests with messages, as far as answers count them.
    var requests = 0
    var failingCall: Int?
    var fault = Fault.refuse(.other)
    var isDead = false
    var transactions = Transactions()
    var answers: [Answer] = []
    /// How many times nothing is reported although it is settled.
    var silences = 0
    var cluster = "cluster-a"
    var topicIDs: [String: String] = [:]
    var topicsAfterRefresh: [String: Int] = [:]
  }

  let name = "events"
  var topics: any TopicDirectory { self }
  let state = Mutex(State())

  var messages: [Message] { state.withLock { $0.messages } }
  var calls: Int { state.withLock { $0.calls } }

  func addTopic(_ topic: String, partitions: Int = 3) {
    state.withLock { $0.topics[topic] = partitions }
  }

  func removeTopic(_ topic: String) { state.withLock { $0.topics[topic] = nil } }

  func addTopicOnRefresh(_ topic: String) {
    state.withLock { $0.topicsAfterRefresh[topic] = 3 }
  }

  func set(topicIDs: [String: String]) { state.withLock { $0.topicIDs = topicIDs } }

  func ids() async -> [String: String] { state.withLock { $0.topicIDs } }

  func become(cluster: String) { state.withLock { $0.cluster = cluster } }

  func answer(_ answers: Answer...) { state.withLock { $0.answers = answers } }

  /// Lets the call with this number, counted from 1, throw.
  func fail(call number: Int?, _ fault: Fault = .refuse(.other)) {
    state.withLock { state in
      state.failingCall = number
      state.fault = fault
      state.isDead = false
      state.calls = 0
    }
  }

  /// Whether a test lets something fail.
  var isTroubled: Bool {
    state.withLock { state in
      state.failingCall != nil || state.isDead || !state.answers.isEmpty || state.silences > 0
    }
  }

  func takeMessages() -> [Message] {
    state.withLock { state in
      defer { state.messages = [] }
      return state.messages
    }
  }

  /// Does `body` as one call, which may be the one that fails.
  func call<Result>(
    _ body: (inout State) throws(DeliveryFailure) -> Result
  ) throws(DeliveryFailure) -> Result {
    try state.withLock { (state) throws(DeliveryFailure) in
      state.calls += 1
      if state.isDead { throw DeliveryFailure(.unreachable, "the process is dead") }
      guard state.calls == state.failingCall else { return try body(&state) }
      let message = "the sink fails at call \(state.calls)"
      switch state.fault {
      case .refuse(let code): throw DeliveryFailure(code, message)
      case .lose(let code):
        _ = try body(&state)
        throw DeliveryFailure(code, message)
      case .dieBefore: break
      case .dieAfter: _ = try body(&state)
      }
      state.isDead = true
      throw DeliveryFailure(.unreachable, message)
    }
  }

  func connect() async throws -> String {
    try call { $0.cluster }
  }

  func refresh() async throws {
    try call { state in
      state.topics.merge(state.topicsAfterRefresh) { _, new in new }
    }
  }

  func partitions(of topic: String) -> Int? { state.withLock { $0.topics[topic] } }

  func prepare(_ topics: [String]) async throws { try call { _ in } }

  func submit(
    _ envelope: sending Envelope,
    number: Int,
    _ selection: Selection
  ) async throws {
    let messages = envelope.messages.map { Message(PreviewedMessage($0, in: envelope)) }
    let envelope = Handover(envelope)
    try call { state in
      var perRequest = state.transactions.id == nil ? nil : state.transactions.perRequest
      if case .isolated(_, let count) = selection { perRequest = count }
      let answer = state.answers.isEmpty ? Answer.acknowledge : state.answers.removeFirst()
      let indexes = selection.indexes(of: messages.count)
      var offsets = Offsets(count: messages.count)
      var failures: [UndeliveredMessage] = []
      defer {
        state.finish(
          DeliveryReport(number: number, envelope: envelope, offsets: offsets, failures: failures)
        )
      }
      if case .refuseRequest(let keys) = answer {
        failures = state.send(indexes, of: messages, by: perRequest ?? indexes.count) {
          keys.contains($0.key ?? "")
        }
        state.answers = [answer] + state.answers
        return
      }
      let isolates = perRequest == 1
      for index in indexes {
        if state.transactions.id != nil, state.transactions.open == nil {
          failures.append(Self.failure(index, .stopped))
          continue
        }
        let message = messages[index]
        switch answer {
        case .acknowledge:
          offsets.acknowledge(index, offset: Int64(state.messages.count))
          state.accept(message)
        case .loseAcknowledgement:
          state.accept(message)
          failures.append(Self.failure(index, .unknown))
        case .lose: failures.append(Self.failure(index, .unknown))
        case .refuse(let refused):
          if index == refused {
            failures.append(Self.failure(index, .refused))
          } else {
            state.accept(message)
          }
        case .refuseRequest: break
        case .refuseRequestUntilHalved(let count):
          if isolates || state.transactions.halvings >= count {
            state.accept(message)
          } else {
            failures.append(Self.failure(index, .refusedWithRequest))
          }
          if index == indexes.last { state.answers = [answer] + state.answers }
        }
      }
    }
  }

  func completed(waitingUpTo timeout: Duration) async -> [DeliveryReport] {
    state.withLock { state in
      if state.silences > 0, !state.reports.isEmpty {
        state.silences -= 1
        return []
      }
      defer { state.reports = [] }
      return state.reports
    }
  }

  func abandon(waitingUpTo timeout: Duration) async -> [DeliveryReport] {
    state.withLock { state in
      defer { state.reports = [] }
      return state.reports
    }
  }

  func explain(_ error: DeliveryFailure) async -> RunError {
    RunError(.failed, "destination \(name): \(error)", kind: error.code.kind)
  }

  static func failure(_ index: Int, _ fate: UndeliveredMessage.Fate) -> UndeliveredMessage {
    UndeliveredMessage(index: index, error: DeliveryFailure(.other, "refused"), fate: fate)
  }
}

extension RecordingSink.Message {
  init(_ message: PreviewedMessage) {
    func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
    self.init(
      topic: message.topic,
      partition: message.partition,
      key: message.key.map(text),
      value: message.value.map(text),
      headers: Dictionary(message.headers.map { ($0.name, text($0.value)) }) { $1 },
      bytes: message.value ?? []
    )
  }
}
