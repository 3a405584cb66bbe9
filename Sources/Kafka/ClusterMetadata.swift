/// What a cluster says about itself.
public struct ClusterMetadata: Sendable, Hashable {
  /// One broker, by the address it advertises.
  public struct Broker: Sendable, Hashable {
    /// Its number in the cluster.
    public var id: Int32
    /// The host that clients are told to connect to.
    public var host: String
    /// The port that clients are told to connect to.
    public var port: Int
  }

  /// One topic.
  public struct Topic: Sendable, Hashable {
    /// How many partitions it has.
    public var partitions: Int
    /// How many of them have no leader now, so that nothing can be sent there.
    public var leaderless: Int
    /// The replicas of its first partition; 0 if it has none.
    public var replicationFactor: Int
  }

  /// The cluster's id; nil if the brokers have none.
  public var clusterID: String?
  /// Its brokers, by number.
  public var brokers: [Broker]
  /// Every topic that this user may see, by name.
  public var topics: [String: Topic]
}
