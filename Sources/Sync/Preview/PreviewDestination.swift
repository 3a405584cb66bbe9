internal import Blocking
internal import Reports
internal import Rows
internal import Synchronization

/// A message of a plan, as it would be sent.
struct PreviewedMessage: Sendable {
  let topic: String
  let partition: Int32
  let key: [UInt8]?
  let value: [UInt8]?
  let headers: [(name: String, value: [UInt8])]

  init(_ message: Envelope.Message, in envelope: Envelope) {
    topic = envelope.topic(of: message)
    partition = message.partition
    key = message.key.map { Array(envelope.bytes($0)) }
    value = message.value.map { Array(envelope.bytes($0)) }
    headers = envelope.headers[message.headers].map { header in
      (envelope.headerNames[Int(header.name)], Array(envelope.bytes(header.value)))
    }
  }
}

/// Stands for a destination in a plan: knows its topics, takes every message and keeps none.
final class PreviewDestination: Destination, TopicDirectory {
  private let sink: any Destination
  private let state = Mutex(State())

  private struct State {
    var reports: [DeliveryReport] = []
    var count = 0
    var newTopics: Set<String> = []
    var receive: (@Sendable (PreviewedMessage) -> Void)?
  }

  init(_ sink: any Destination) {
    self.sink = sink
  }

  /// Messages that were taken.
  var count: Int { state.withLock { $0.count } }

  /// Topics that a run would create.
  var newTopics: Set<String> { state.withLock { $0.newTopics } }

  /// Gets the messages in order, if anybody wants them.
  var receive: (@Sendable (PreviewedMessage) -> Void)? {
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

  func submit(
    _ envelope: sending Envelope,
    number: Int,
    _ selection: Selection
  ) async throws {
    let messages = envelope.messages
    var offsets = Offsets(count: messages.count)
    for index in selection.indexes(of: messages.count) {
      receive?(PreviewedMessage(messages[index], in: envelope))
      offsets.acknowledge(index, offset: -1)
    }
    let report = DeliveryReport(
      number: number,
      envelope: Handover(envelope),
      offsets: offsets,
      failures: []
    )
    state.withLock { state in
      state.count += selection.count(of: messages.count)
      state.reports.append(report)
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
