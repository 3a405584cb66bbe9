internal import KafkaProtocol
internal import Reports
internal import Synchronization

public import Sync
internal import Kafka
public import Rows
public import Settings

/// A Kafka cluster as a destination.
public final class KafkaDestination: Destination, TopicDirectory {
  /// What the configuration calls it.
  public let name: String
  let settings: DestinationSettings
  private let properties: [String: String]
  let login: ClusterLogin
  /// Topics that this run tried to create.
  let attempted = Mutex<Set<String>>([])
  /// Why some of them could not be.
  let refusals = Mutex<[String: RunError]>([:])
  let asksForLimits: Bool
  /// Is told what a reader should know at once.
  let note: @Sendable (String) -> Void
  /// Tells what keeps a run waiting.
  let calls: BrokerCalls
  private let current: Mutex<KafkaProducer>
  private let known = Mutex<[String: Int]>([:])
  private let prepared = Mutex<Set<String>>([])
  /// Settings of topics that were asked for after a refusal; nil if the cluster did not tell.
  let topicSettings = Mutex<[String: [String: String]?]>([:])

  /// Itself.
  public var topics: any TopicDirectory { self }

  var producer: KafkaProducer { current.withLock { $0 } }

  /// Creates a producer; nothing is sent yet.
  ///
  /// `asksForLimits` says whether the cluster is asked how large requests may be; `note` is told
  /// when brokers keep the caller waiting, which is measured by `clock`.
  /// Throws a ``RunError`` if certificates, keys or settings cannot be used.
  public init(
    name: String,
    settings: DestinationSettings,
    asksForLimits: Bool = true,
    clock: RunClock = .live,
    note: @escaping @Sendable (String) -> Void = { _ in }
  ) throws {
    calls = BrokerCalls(name, clock: clock, note: note)
    self.name = name
    self.settings = settings
    self.asksForLimits = asksForLimits
    self.note = note
    do {
      properties = try ClientProperties.make(settings)
      login = try ClientProperties.login(settings)
      var options = ProducerOptions()
      options.deliveryTimeout = settings.deliveryTimeout
      current = Mutex(try KafkaProducer(settings: properties, login: login, options: options))
    } catch let error as KafkaError {
      throw Self.runError(error, name)
    } catch let error as LoginError {
      throw Self.runError(error, name)
    }
  }

  /// Connects, learns which topics there are, and returns the cluster's id.
  ///
  /// Throws a ``RunError`` if the cluster does not answer within `timeouts.connect`.
  public func connect() async throws -> String {
    let metadata = try await metadata()
    return metadata.clusterID ?? ""
  }

  /// Learns again which topics there are.
  ///
  /// Throws as ``connect()`` does.
  public func refresh() async throws {
    _ = try await metadata()
  }

  /// Partitions of `topic`, nil if the cluster does not have it.
  public func partitions(of topic: String) -> Int? {
    known.withLock { $0[topic] }
  }

  /// Ids of the topics, over a connection of its own: librdkafka tells them since 2.3 only.
  public func ids() async -> [String: String] {
    let description = await calls.watch(.metadata, upTo: settings.connectTimeout, setting: .connect)
    {
      await login.description(timeout: settings.connectTimeout)
    }
    let topics = description?.topics ?? [:]
    return topics.compactMapValues(\.id)
  }

  /// Makes ready for topics that exist, and keeps requests below what they accept.
  ///
  /// Throws a ``RunError`` if librdkafka cannot make ready for one of them.
  public func prepare(_ topics: [String]) async throws {
    let (new, isFirst) = prepared.withLock { known in
      let new = topics.filter { !known.contains($0) }
      defer { known.formUnion(new) }
      return (new, known.isEmpty)
    }
    if new.isEmpty { return }
    do throws(KafkaError) {
      // Later there are messages under way; a topic with a smaller limit then costs a refusal.
      if isFirst, asksForLimits { try await limitRequests(for: new) }
      try await producer.prepare(topics: new)
    } catch {
      throw Self.runError(error, name)
    }
  }

  /// A request above what a topic accepts would be refused whole, innocent rows with it.
  private func limitRequests(for topics: [String]) async throws(KafkaError) {
    let timeout = Duration.seconds(5)
    let told = await calls.watch(.limits, upTo: timeout) {
      await producer.messageSizeMax(topics: topics, timeout: timeout)
    }
    guard let limit = told, limit < ProducerOptions().requestBytesMax
    else { return }
    try await producer.limitRequests(to: limit)
    // The new client has to learn about the partitions before its first message.
    try await calls.watch(.metadata, upTo: settings.connectTimeout, setting: .connect) {
      () async throws(KafkaError) in
      _ = try await producer.metadata(timeout: settings.connectTimeout)
    }
    if await producer.options.transactionalID != nil { try await register() }
  }

  /// Has the brokers give the transactional id to the present producer.
  func register() async throws(KafkaError) {
    try await calls.watch(.registration, upTo: settings.deliveryTimeout, setting: .delivery) {
      () async throws(KafkaError) in
      try await producer.initTransactions(timeout: settings.deliveryTimeout)
    }
  }

  /// Replaces the producer by one whose options are those of the old one except for what `change`
  /// says.
  func renew(_ change: (inout ProducerOptions) -> Void) async throws(KafkaError) {
    var options = await producer.options
    change(&options)
    let producer = try KafkaProducer(settings: properties, login: login, options: options)
    // It has to learn about the partitions before its first message, and a handle of a topic that
    // is gone would create it.
    let known = try await calls.watch(.metadata, upTo: settings.deliveryTimeout, setting: .delivery)
    {
      () async throws(KafkaError) in
      try await producer.metadata(timeout: settings.deliveryTimeout).topics
    }
    try await producer.prepare(
      topics: prepared.withLock { $0.filter { known[$0] != nil } }
    )
    current.withLock { $0 = producer }
  }

  /// Takes the messages that `selection` picks of an envelope.
  ///
  /// Throws a ``RunError`` if no message of it can be sent; then it is not in a report.
  public func submit(
    _ envelope: sending Envelope,
    number: Int,
    _ selection: Selection
  ) async throws {
    do {
      try await producer.submit(envelope, number: number, selection)
    } catch {
      throw Self.runError(error, name)
    }
  }

  /// The batches whose every message is settled, in order.
  public func completed(waitingUpTo timeout: Duration) async -> [DeliveryReport] {
    await producer.completed(waitingUpTo: timeout).map { DeliveryReport($0) }
  }

  /// Gives up what is under way and hands back every batch.
  public func abandon(waitingUpTo timeout: Duration) async -> [DeliveryReport] {
    await producer.abandon(waitingUpTo: timeout).map { DeliveryReport($0) }
  }

  private func metadata() async throws -> Cluster {
    let metadata = try await patientMetadata()
    known.withLock { $0 = metadata.topics.mapValues(\.partitions) }
    return metadata
  }
}
