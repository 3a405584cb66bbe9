internal import Synchronization

public import Sync
internal import Kafka
public import Reports
public import Rows
public import Settings

/// librdkafka's mock cluster in this process as a destination: topics exist as soon as named, and
/// what arrives is read back.
public final class EmbeddedDestination: Destination, TopicDirectory {
  /// Partitions of every topic.
  public static let partitionCount = 3

  private let cluster: EmbeddedCluster
  private let sink: KafkaDestination
  private let reader: TopicReader
  private let made = Mutex<Set<String>>([])
  private let received: @Sendable ([ReceivedMessage]) -> Void

  /// Itself.
  public var topics: any TopicDirectory { self }

  /// What the configuration calls it.
  public var name: String { sink.name }

  /// Starts the cluster; `received` gets the messages that it holds, batch by batch.
  ///
  /// Throws a ``RunError`` if the cluster does not start.
  public init(
    name: String,
    settings: DestinationSettings,
    received: @escaping @Sendable ([ReceivedMessage]) -> Void
  ) throws {
    do {
      cluster = try EmbeddedCluster()
      var reachable = settings
      reachable.brokers = .addresses([cluster.brokers])
      reachable.tls = nil
      reachable.mechanism = nil
      // The mock cluster knows nothing of settings, and does not answer who asks.
      sink = try KafkaDestination(name: name, settings: reachable, asksForLimits: false)
      reader = try TopicReader(settings: ["bootstrap.servers": cluster.brokers])
      self.received = received
    } catch let error as KafkaError {
      throw KafkaDestination.runError(error, name)
    }
  }

  /// Connects; every embedded cluster is the same to a state.
  ///
  /// Throws a ``RunError`` if the cluster does not answer.
  public func connect() async throws -> String {
    _ = try await sink.connect()
    return "embedded"
  }

  /// Nothing to learn: topics exist as soon as named.
  ///
  /// Never throws.
  public func refresh() async throws {}

  /// Makes the topic where it is not there.
  public func partitions(of topic: String) -> Int? {
    made.withLock { known in
      if known.contains(topic) { return Self.partitionCount }
      guard (try? cluster.createTopic(topic, partitions: Self.partitionCount)) != nil else {
        return nil
      }
      known.insert(topic)
      return Self.partitionCount
    }
  }

  /// Learns the partitions of new topics, then makes ready for them.
  ///
  /// Throws a ``RunError`` if the cluster does not answer.
  public func prepare(_ topics: [String]) async throws {
    try await sink.refresh()
    try await sink.prepare(topics)
  }

  /// Takes the messages that `selection` picks of an envelope.
  ///
  /// Throws a ``DeliveryFailure`` if the cluster takes no more.
  public func submit(
    _ envelope: sending Envelope,
    number: Int,
    _ selection: Selection
  ) async throws {
    try await sink.submit(envelope, number: number, selection)
  }

  /// The batches whose every message is settled; what arrived is read back first.
  public func completed(waitingUpTo timeout: Duration) async -> [DeliveryReport] {
    let reports = await sink.completed(waitingUpTo: timeout)
    if !reports.isEmpty {
      let names = made.withLock { $0 }
      let counts = Dictionary(uniqueKeysWithValues: names.map { ($0, Self.partitionCount) })
      received(await reader.read(counts, timeout: .seconds(30)))
    }
    return reports
  }

  /// Gives up what is under way.
  public func abandon(waitingUpTo timeout: Duration) async -> [DeliveryReport] {
    await sink.abandon(waitingUpTo: timeout)
  }

  /// What librdkafka says of it.
  public func explain(_ failure: DeliveryFailure) async -> RunError {
    KafkaDestination.runError(failure.kafkaError, name)
  }
}
