/// What is known of a cluster, whether a broker or librdkafka told it.
///
/// librdkafka passes on no release, ids or rights: they are nil then.
public struct Cluster: Sendable, Hashable {
  /// One broker, by the address it advertises.
  public struct Broker: Sendable, Hashable {
    /// Its number.
    public var id: Int32
    /// The host that clients are told to connect to.
    public var host: String
    /// The port that clients are told to connect to.
    public var port: Int

    /// Describes a broker.
    public init(id: Int32, host: String, port: Int) {
      (self.id, self.host, self.port) = (id, host, port)
    }
  }

  /// What a user may do, by Kafka's numbers.
  public enum Operation: Int, Sendable, Hashable, CaseIterable {
    /// Read messages, or commit offsets.
    case read = 3
    /// Send messages.
    case write = 4
    /// Create topics.
    case create = 5
    /// Delete it.
    case delete = 6
    /// Change it.
    case alter = 7
    /// See that it is there.
    case describe = 8
    /// Act as a broker.
    case clusterAction = 9
    /// See its settings.
    case describeConfigs = 10
    /// Change its settings.
    case alterConfigs = 11
    /// Send idempotently (before Kafka 2.8 a right of its own).
    case idempotentWrite = 12
  }

  /// One topic.
  public struct Topic: Sendable, Hashable {
    /// Its id in hexadecimal, which changes when it is deleted and made again; nil when not told.
    public var id: String?
    /// How many partitions it has.
    public var partitions: Int
    /// How many of them have no leader now, so that nothing can be sent there.
    public var leaderless: Int
    /// The replicas of its first partition; 0 if it has none.
    public var replicationFactor: Int
    /// What this user may do with it; nil when not told.
    public var operations: Set<Operation>?

    /// Describes a topic.
    public init(
      partitions: Int,
      leaderless: Int = 0,
      replicationFactor: Int = 0,
      id: String? = nil,
      operations: Set<Operation>? = nil
    ) {
      self.id = id
      self.partitions = partitions
      self.leaderless = leaderless
      self.replicationFactor = replicationFactor
      self.operations = operations
    }
  }

  /// The cluster's id; nil when it has none.
  public var clusterID: String?
  /// The release of the broker that was asked, as in `4.3`; nil if it cannot be told.
  public var release: String?
  /// Its brokers, by number.
  public var brokers: [Broker]
  /// Every topic that this user may see, by name.
  public var topics: [String: Topic]
  /// What this user may do with the cluster; nil when not told.
  public var operations: Set<Operation>?

  /// Describes a cluster of which nothing is known but its id.
  public init(clusterID: String?) {
    self.clusterID = clusterID
    brokers = []
    topics = [:]
  }
}

extension Cluster {
  /// Whether the release is at least `major.minor`; nil if the broker does not tell.
  public func isAtLeast(_ major: Int, _ minor: Int) -> Bool? {
    guard let release else { return nil }
    let words = release.split(separator: " ", maxSplits: 1)
    let numbers = words.first?.split(separator: ".").compactMap { Int($0) } ?? []
    guard numbers.count == 2 else { return nil }
    if (numbers[0], numbers[1]) >= (major, minor) { return true }
    // "3.5 or newer" may be this one.
    return words.count > 1 ? nil : false
  }
}
