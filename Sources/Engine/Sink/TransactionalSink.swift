public import Kafka
public import KafkaProtocol

/// What the engine needs of a destination to deliver exactly once.
///
/// One transaction is open at a time; ``MessageSink/submit(_:number:_:)`` puts messages into it.
/// After an error of ``begin()`` or ``commit(_:metadata:topic:)``, or a failed message, only
/// ``abort()`` and ``openTransactions(id:requests:)`` are called. Nothing is committed by a producer
/// that aborted a transaction.
public protocol TransactionalSink: MessageSink {
  /// Makes a new producer of the transactional id `id`: any other one is fenced and its
  /// transaction ended.
  func openTransactions(id: String, requests: RequestSize) async throws(KafkaError)

  /// Makes a producer without transactions again.
  func closeTransactions() async throws(KafkaError)

  /// Every offset that the group `id` has, none of them in an open transaction.
  ///
  /// Needs no transaction and ends none.
  func committedOffsets(of id: String) async throws(KafkaError) -> [CommittedOffset]

  /// Opens a transaction.
  func begin() async throws(KafkaError)

  /// Commits the open transaction with an offset of the group, for partition 0 of `topic`.
  func commit(_ offset: Int64, metadata: String, topic: String) async throws(KafkaError)

  /// Ends every wait of the present producer, now and later; callable from any thread.
  func interrupt()

  /// Ends the open transaction without its messages, within seconds.
  ///
  /// Returns whether that is done, so that the same producer can begin another one. What cannot be
  /// ended now is ended by the next producer.
  @discardableResult
  func abort() async -> Bool
}

/// How many messages a producer puts into one request.
public enum RequestSize: Sendable, Hashable {
  /// As many as fit into the bytes that the producer before allowed.
  case full
  /// Half as many bytes as the producer before, and so for every later one.
  case halved
  /// At most so many messages; with one a refusal blames the right one.
  case messages(Int)
}
