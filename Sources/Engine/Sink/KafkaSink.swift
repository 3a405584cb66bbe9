internal import KafkaLogin
internal import Synchronization

public import Kafka
public import Rows
public import Settings

/// A Kafka cluster as a destination.
public final class KafkaSink: MessageSink {
  /// What the configuration calls it.
  public let name: String
  private let producer: KafkaProducer
  private let login: ClusterLogin
  private let connectTimeout: Duration
  private let asksForLimits: Bool
  private let topics = Mutex<[String: Int]>([:])
  private let prepared = Mutex<Set<String>>([])

  /// Creates a producer; nothing is sent yet.
  ///
  /// `asksForLimits` says whether the cluster is asked how large requests may be.
  public init(name: String, settings: DestinationSettings, asksForLimits: Bool = true) throws {
    self.name = name
    self.asksForLimits = asksForLimits
    connectTimeout = settings.connectTimeout
    var options = ProducerOptions()
    options.deliveryTimeout = settings.deliveryTimeout
    do {
      login = try KafkaProperties.login(settings)
      producer = try KafkaProducer(
        settings: try KafkaProperties.make(settings),
        login: login,
        options: options
      )
    } catch let error as KafkaError {
      throw Self.runError(error, name)
    } catch let error as LoginError {
      throw Self.runError(error, name)
    }
  }

  /// Connects, learns which topics there are, and returns the cluster's id.
  public func connect() async throws -> String {
    let metadata = try await metadata()
    return metadata.clusterID ?? ""
  }

  /// Learns anew which topics there are.
  public func refreshTopics() async throws {
    _ = try await metadata()
  }

  /// Partitions of `topic`, nil where the cluster does not have it.
  public func partitions(of topic: String) -> Int? {
    topics.withLock { $0[topic] }
  }

  /// Makes ready for topics that exist, and keeps requests below what they accept.
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
    guard let limit = await producer.messageSizeMax(topics: topics, timeout: .seconds(5)),
      limit < ProducerOptions().requestBytesMax
    else { return }
    try await producer.limitRequests(to: limit)
    // The new client has to learn about the partitions before its first message.
    _ = try await producer.metadata(timeout: connectTimeout)
  }

  /// Takes the messages of a batch.
  public func submit(_ batch: MessageBatch, number: Int, only: [Int]?) async throws {
    do {
      try await producer.submit(batch, number: number, only: only, isolated: only != nil)
    } catch {
      throw Self.runError(error, name)
    }
  }

  /// The batches whose every message is settled, in order.
  public func completed(waitingUpTo timeout: Duration) async -> [BatchReport] {
    await producer.completed(waitingUpTo: timeout)
  }

  /// Gives up what is under way and returns what is settled by then.
  public func abandon(waitingUpTo timeout: Duration) async -> [BatchReport] {
    await producer.abandon(waitingUpTo: timeout)
  }

  /// Walks the way into the cluster step by step where a connection is in doubt: librdkafka has
  /// nearly the same words for an unknown authority, another host name and a refused login.
  public func explain(_ error: KafkaError) async -> RunError {
    guard let failure = await failure(behind: error, within: connectTimeout) else {
      var error = error
      if error.cause == nil { error.cause = await producer.complaint?.description }
      return Self.runError(error, name)
    }
    // What a message waited for in vain; the failure of a call has a context.
    let symptom = error.code == .timedOut && error.context.isEmpty ? "\(error.message); " : ""
    return Self.runError(failure, name, symptom: symptom)
  }

  private static let explanationTimeMax = Duration.seconds(15)
  /// So long a broker may take for an answer before anybody asks why.
  private static let patience = Duration.seconds(2)

  /// What keeps this user out of the cluster; nil where nothing does.
  private func failure(behind error: KafkaError, within limit: Duration) async -> LoginError? {
    guard [.unreachable, .timedOut, .tls, .authentication].contains(error.code) else { return nil }
    return await login.check(timeout: min(limit, Self.explanationTimeMax)).failure
  }

  /// Waits for brokers that may come back until the time is up; what time does not heal ends it.
  private func metadata() async throws -> ClusterMetadata {
    let end = ContinuousClock.now + connectTimeout
    while true {
      let rest = end - ContinuousClock.now
      do throws(KafkaError) {
        let metadata = try await producer.metadata(timeout: min(rest, Self.patience))
        topics.withLock { $0 = metadata.topics.mapValues(\.partitions) }
        return metadata
      } catch {
        let rest = max(end - ContinuousClock.now, .zero)
        let failure = await failure(behind: error, within: max(rest, Self.patience))
        let mayHeal = failure?.isRetriable ?? [.timedOut, .unreachable].contains(error.code)
        if mayHeal, rest > .zero { continue }
        throw failure.map { Self.runError($0, name) } ?? Self.runError(error, name)
      }
    }
  }

  private static func runError(
    _ failure: LoginError,
    _ name: String,
    symptom: String = ""
  ) -> RunError {
    RunError(
      failure.code == .setting ? .configuration : .failed,
      "destination \(name): \(symptom)\(failure.description)",
      hint: failure.hint ?? failure.advice
    )
  }

  static func runError(_ error: KafkaError, _ name: String) -> RunError {
    let isSetting = error.code == .setting
    return RunError(
      isSetting ? .configuration : .failed,
      "destination \(name): \(error.description)",
      hint: error.hint ?? hint(for: error.code)
    )
  }

  private static func hint(for code: KafkaError.Code) -> String? {
    switch code {
    case .unreachable, .timedOut:
      "is the broker up, and are `brokers` and `tls` right? try `kcat -L -b HOST:PORT`"
    case .tls: "is this a TLS port? `tls: false` speaks in clear"
    case .authentication: "check `sasl:` of the destination"
    case .authorization: "ask for the rights to describe and write the topics"
    default: nil
    }
  }
}
