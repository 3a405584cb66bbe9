/// How topics are made that a cluster does not have.
public struct TopicCreation: Sendable, Hashable {
  /// Partitions, from 1; nil leaves them to the broker.
  public var partitions: Int?
  /// Replicas of each partition, from 1; nil leaves them to the broker.
  public var replicationFactor: Int?
  /// Settings of the topic by Kafka's own names.
  public var configuration: [String: String]

  /// Describes new topics; without arguments they are as the broker likes them.
  public init(
    partitions: Int? = nil,
    replicationFactor: Int? = nil,
    configuration: [String: String] = [:]
  ) {
    self.partitions = partitions
    self.replicationFactor = replicationFactor
    self.configuration = configuration
  }
}
