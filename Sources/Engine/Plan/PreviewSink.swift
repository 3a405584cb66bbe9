internal import Kafka
internal import Reports
internal import Rows
internal import Synchronization

/// A message of a plan, as it would be sent.
struct PreviewedMessage: Sendable {
  let batch: MessageBatch
  /// Its index in ``batch``.
  let index: Int
}

/// Stands for a destination in a plan: knows its topics, takes every message and keeps none.
final class PreviewSink: MessageSink {
  private let sink: any MessageSink
  private let state = Mutex(State())

  private struct State {
    var reports: [BatchReport] = []
    var count = 0
    var newTopics: Set<String> = []
    var receive: @Sendable (PreviewedMessage) -> Void = { _ in }
  }

  init(_ sink: any MessageSink) {
    self.sink = sink
  }

  /// Messages that were taken.
  var count: Int { state.withLock { $0.count } }

  /// Topics that a run would create.
  var newTopics: Set<String> { state.withLock { $0.newTopics } }

  /// Gets the messages in order.
  var receive: @Sendable (PreviewedMessage) -> Void {
    get { state.withLock { $0.receive } }
    set { state.withLock { $0.receive = newValue } }
  }

  // MARK: - What is asked of the destination

  var name: String { sink.name }
  var transactions: (any TransactionalSink)? { sink.transactions }
  var newTopicPartitions: Int? { sink.newTopicPartitions }

  func connect() async throws -> String { try await sink.connect() }

  func refreshTopics() async throws { try await sink.refreshTopics() }

  func partitions(of topic: String) -> Int? {
    if let known = sink.partitions(of: topic) { return known }
    return newTopics.contains(topic) ? newTopicPartitions : nil
  }

  func topicIDs() async -> [String: String] { await sink.topicIDs() }

  func explain(_ error: KafkaError) async -> RunError { await sink.explain(error) }

  // MARK: - What is not done

  func createTopics(_ topics: [String]) async throws -> [String: RunError]? {
    if newTopicPartitions == nil { return nil }
    state.withLock { $0.newTopics.formUnion(topics) }
    return [:]
  }

  func prepare(_ topics: [String]) async throws {}

  func submit(_ batch: MessageBatch, number: Int, _ selection: Selection) async throws {
    let indexes = selection.indexes(of: batch.messages.count)
    let receive = receive
    for index in indexes { receive(PreviewedMessage(batch: batch, index: index)) }
    state.withLock { state in
      state.count += indexes.count
      state.reports.append(BatchReport(number: number, batch: batch, failures: []))
    }
  }

  func completed(waitingUpTo timeout: Duration) async -> [BatchReport] {
    state.withLock { state in
      defer { state.reports = [] }
      return state.reports
    }
  }

  func abandon(waitingUpTo timeout: Duration) async -> [BatchReport] {
    await completed(waitingUpTo: .zero)
  }
}
