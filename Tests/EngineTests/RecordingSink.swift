import Bytes
import Engine
import Kafka
import Rows
import Synchronization

/// A cluster in memory: keeps what it acknowledges, and fails where a test says so.
final class RecordingSink: MessageSink {
  struct Message: Hashable, Sendable {
    var topic: String
    var partition: Int32
    var key: String?
    var value: String?
    var headers: [String: String]
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
  }

  private struct State {
    var topics: [String: Int] = ["rows": 3]
    var messages: [Message] = []
    var reports: [BatchReport] = []
    var calls = 0
    var failingCall: Int?
    var answers: [Answer] = []
    var cluster = "cluster-a"
    var topicsAfterRefresh: [String: Int] = [:]
  }

  let name = "events"
  private let state = Mutex(State())

  var messages: [Message] { state.withLock { $0.messages } }
  var calls: Int { state.withLock { $0.calls } }

  func addTopic(_ topic: String, partitions: Int = 3) {
    state.withLock { $0.topics[topic] = partitions }
  }

  func removeTopic(_ topic: String) { state.withLock { $0.topics[topic] = nil } }

  func addTopicOnRefresh(_ topic: String) {
    state.withLock { $0.topicsAfterRefresh[topic] = 3 }
  }

  func become(cluster: String) { state.withLock { $0.cluster = cluster } }

  func answer(_ answers: Answer...) { state.withLock { $0.answers = answers } }

  /// Lets the call with this number, counted from 1, throw.
  func fail(call number: Int?) {
    state.withLock { state in
      state.failingCall = number
      state.calls = 0
    }
  }

  func takeMessages() -> [Message] {
    state.withLock { state in
      defer { state.messages = [] }
      return state.messages
    }
  }

  private func count() throws {
    try state.withLock { state in
      state.calls += 1
      if state.calls == state.failingCall {
        throw RunError(.failed, "the sink fails at call \(state.calls)")
      }
    }
  }

  func connect() async throws -> String {
    try count()
    return state.withLock { $0.cluster }
  }

  func refreshTopics() async throws {
    try count()
    state.withLock { state in
      state.topics.merge(state.topicsAfterRefresh) { _, new in new }
    }
  }

  func partitions(of topic: String) -> Int? { state.withLock { $0.topics[topic] } }

  func prepare(_ topics: [String]) async throws { try count() }

  func submit(_ batch: MessageBatch, number: Int, only: [Int]?) async throws {
    try count()
    state.withLock { state in
      let answer = state.answers.isEmpty ? Answer.acknowledge : state.answers.removeFirst()
      let indexes = only ?? Array(batch.messages.indices)
      var failures: [MessageFailure] = []
      for index in indexes {
        let message = Self.read(batch, index)
        switch answer {
        case .acknowledge:
          batch.messages[index].offset = Int64(state.messages.count)
          state.messages.append(message)
        case .loseAcknowledgement:
          state.messages.append(message)
          failures.append(Self.failure(index, .unknown))
        case .lose: failures.append(Self.failure(index, .unknown))
        case .refuse(let refused):
          if index == refused {
            failures.append(Self.failure(index, .refused))
          } else {
            state.messages.append(message)
          }
        case .refuseRequest(let keys):
          if only == nil || keys.contains(message.key ?? "") {
            failures.append(Self.failure(index, .refusedWithRequest))
          } else {
            state.messages.append(message)
          }
          if only == nil, index == indexes.last { state.answers = [answer] + state.answers }
        }
      }
      state.reports.append(BatchReport(number: number, batch: batch, failures: failures))
    }
  }

  func completed(waitingUpTo timeout: Duration) async -> [BatchReport] {
    state.withLock { state in
      defer { state.reports = [] }
      return state.reports
    }
  }

  func abandon(waitingUpTo timeout: Duration) async -> [BatchReport] {
    await completed(waitingUpTo: timeout)
  }

  func complaint() async -> String? { nil }

  private static func failure(_ index: Int, _ fate: MessageFailure.Fate) -> MessageFailure {
    MessageFailure(index: index, error: KafkaError(code: .broker, message: "refused"), fate: fate)
  }

  private static func read(_ batch: MessageBatch, _ index: Int) -> Message {
    let message = batch.messages[index]
    func text(_ range: Range<Int>) -> String {
      String(decoding: batch.bytes.bytes(range), as: UTF8.self)
    }
    var headers: [String: String] = [:]
    for header in batch.headers[message.headers] {
      headers[batch.headerNames[Int(header.name)]] = text(header.value)
    }
    return Message(
      topic: batch.topics[Int(message.topic)],
      partition: message.partition,
      key: message.key.map(text),
      value: message.value.map(text),
      headers: headers
    )
  }
}
