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
final class PreviewDestination: Destination, TopicDirectory {
  private let sink: any Destination
  private let state = Mutex(State())

  private struct State {
    var reports: [DeliveryReport] = []
    var count = 0
    var newTopics: Set<String> = []
    var receive: @Sendable (PreviewedMessage) -> Void = { _ in }
  }

  init(_ sink: any Destination) {
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
  var topics: any TopicDirectory { self }
  var transactions: (any Transactions)? { sink.transactions }
  var newPartitions: Int? { sink.topics.newPartitions }

  func connect() async throws -> String { try await sink.connect() }

  func refresh() async throws { try await sink.topics.refresh() }

  func partitions(of topic: String) -> Int? {
    if let known = sink.topics.partitions(of: topic) { return known }
    return newTopics.contains(topic) ? newPartitions : nil
  }

  func ids() async -> [String: String] { await sink.topics.ids() }

  func explain(_ failure: DeliveryFailure) async -> RunError { await sink.explain(failure) }

  // MARK: - What is not done

  func create(_ topics: [String]) async throws -> [String: RunError]? {
    if newPartitions == nil { return nil }
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
      state.reports.append(DeliveryReport(number: number, batch: batch, failures: []))
    }
  }

  func completed(waitingUpTo timeout: Duration) async -> [DeliveryReport] {
    state.withLock { state in
      defer { state.reports = [] }
      return state.reports
    }
  }

  func abandon(waitingUpTo timeout: Duration) async -> [DeliveryReport] {
    await completed(waitingUpTo: .zero)
  }
}
