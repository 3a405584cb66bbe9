/// What Sync needs of a destination to deliver exactly once.
///
/// One transaction is open at a time; ``Destination/submit(_:number:_:)`` puts messages into it.
/// After an error of ``begin()`` or ``commit(_:token:topic:)``, or a failed message, only ``abort()``
/// and ``open(id:requests:)`` are called. Nothing is committed by a producer that aborted a
/// transaction.
public protocol Transactions: Sendable {
  /// Makes a new producer of the transactional id `id`: any other one is fenced and its
  /// transaction ended.
  func open(id: String, requests: RequestSize) async throws(DeliveryFailure)

  /// Makes a producer without transactions again.
  func close() async throws(DeliveryFailure)

  /// Every mark that the destination holds for `id`, none of them in an open transaction.
  ///
  /// With `waiting` it waits for the end of one that is open; without, that one counts as given up,
  /// which the next producer does with it. Needs no transaction and ends none.
  func marks(of id: String, waiting: Bool) async throws(DeliveryFailure) -> [HeldMark]

  /// Opens a transaction.
  func begin() async throws(DeliveryFailure)

  /// Commits the open transaction with a mark: the number and the token of its last batch, held for
  /// partition 0 of `topic`.
  func commit(_ number: Int64, token: String, topic: String) async throws(DeliveryFailure)

  /// Ends every wait of the present producer, now and later; callable from any thread.
  func interrupt()

  /// Ends the open transaction without its messages, within seconds.
  ///
  /// Returns whether that is done, so that the same producer can begin another one. What cannot be
  /// ended now is ended by the next producer.
  @discardableResult
  func abort() async -> Bool
}

/// What a destination holds of the last transaction that was committed: in Kafka an offset of a group.
public struct HeldMark: Sendable, Hashable {
  /// The topic that it is held for.
  public var topic: String
  /// The partition of the topic; Sluice writes 0 only.
  public var partition: Int32
  /// Number of the last batch of the transaction.
  public var number: Int64
  /// Token of that batch, in hexadecimal digits.
  public var token: String

  /// Describes a mark.
  public init(topic: String, partition: Int32, number: Int64, token: String) {
    self.topic = topic
    self.partition = partition
    self.number = number
    self.token = token
  }
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
