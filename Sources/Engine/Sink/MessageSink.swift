public import Kafka
public import Messages
public import Reports
public import Rows

/// What the engine needs of a destination.
public protocol MessageSink: Sendable {
  /// What the destination is.
  var name: String { get }

  /// Its transactions; nil if it cannot deliver exactly once.
  var transactions: (any TransactionalSink)? { get }

  /// Connects, learns which topics there are, and returns the cluster's id.
  func connect() async throws -> String

  /// Learns again which topics there are.
  func refreshTopics() async throws

  /// Partitions of `topic`, nil if it does not exist; from what was learned last.
  func partitions(of topic: String) -> Int?

  /// Creates those of `topics` that are missing, and learns of them.
  ///
  /// Returns why some could not be made, by name; nil where topics are never created.
  func createTopics(_ topics: [String]) async throws -> [String: RunError]?

  /// Partitions of the topics that it would create; nil where topics are never created.
  var newTopicPartitions: Int? { get }

  /// Ids of the topics, by name: one that is deleted and made again has another.
  ///
  /// Empty if the destination does not tell.
  func topicIDs() async -> [String: String]

  /// Makes ready for topics that exist.
  func prepare(_ topics: [String]) async throws

  /// Takes the messages that `selection` picks of a batch.
  func submit(_ batch: MessageBatch, number: Int, _ selection: Selection) async throws

  /// The batches whose every message is settled, in order; waits up to `timeout` for the first.
  func completed(waitingUpTo timeout: Duration) async -> [BatchReport]

  /// Gives up what is under way and returns what is settled by then.
  func abandon(waitingUpTo timeout: Duration) async -> [BatchReport]

  /// Finds out what is behind `error`, which kept messages from their destination.
  func explain(_ error: KafkaError) async -> RunError

  /// Why the destination refused the message of `failure`, without its values.
  func rejection(_ failure: MessageFailure, of batch: MessageBatch) async -> Rejection
}

extension MessageSink {
  /// None.
  public var transactions: (any TransactionalSink)? { nil }

  /// Creates nothing.
  public func createTopics(_ topics: [String]) async throws -> [String: RunError]? { nil }

  /// What the destination said.
  public func rejection(_ failure: MessageFailure, of batch: MessageBatch) async -> Rejection {
    Rejection(failure.error.message)
  }

  /// Tells none.
  public func topicIDs() async -> [String: String] { [:] }

  /// None.
  public var newTopicPartitions: Int? { nil }
}
