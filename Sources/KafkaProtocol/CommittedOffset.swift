/// What Kafka remembers for one partition of a group.
public struct CommittedOffset: Sendable, Hashable {
  /// The topic.
  public var topic: String
  /// The partition.
  public var partition: Int32
  /// The committed offset.
  public var offset: Int64
  /// The text committed with it.
  public var metadata: String

  /// Describes an offset.
  public init(topic: String, partition: Int32, offset: Int64, metadata: String) {
    self.topic = topic
    self.partition = partition
    self.offset = offset
    self.metadata = metadata
  }
}
