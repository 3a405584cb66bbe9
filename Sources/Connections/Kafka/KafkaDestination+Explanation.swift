internal import KafkaProtocol
internal import Settings
internal import Synchronization

public import Sync
internal import Kafka
public import Messages
public import Reports

/// Why a cluster cannot be reached, found out by walking there step by step: librdkafka has nearly
/// the same words for an unknown authority, another host name and a refused login.
extension KafkaDestination {
  private static let explanationTimeMax = Duration.seconds(15)

  /// What is behind an error; where a connection is in doubt it tries one.
  public func explain(_ failure: DeliveryFailure) async -> RunError {
    let error = failure.kafkaError
    let limit = settings.connectTimeout
    guard let obstacle = await self.failure(behind: error, within: limit) else {
      var error = error
      let complaint = await producer.complaint?.message
      // The same words twice explain nothing.
      if error.cause == nil, complaint != error.message { error.cause = complaint }
      return Self.runError(error, name)
    }
    // What a message waited for in vain; the failure of a call has a context.
    let symptom = error.code == .timedOut && error.context.isEmpty ? "\(error.message); " : ""
    return Self.runError(obstacle, name, symptom: symptom)
  }

  /// Asks which topics there are; waits for brokers that may come back until the time is up.
  func patientMetadata() async throws -> Cluster {
    let patience = BrokerPatience(
      name: name,
      timeout: settings.connectTimeout,
      clock: calls.clock,
      note: note
    )
    return try await patience.answer { (timeout) async throws(KafkaError) in
      try await producer.metadata(timeout: timeout)
    } explain: { error, limit in
      await failure(behind: error, within: limit)
    }
  }

  /// Why the broker or librdkafka refused a message, with the limit that it names.
  public func rejection(
    _ failure: DeliveryFailure,
    of message: RefusedMessage
  ) async -> Rejection {
    RefusalReason(
      error: failure.kafkaError,
      topic: message.topic,
      size: message.byteCount,
      hasKey: message.hasKey,
      settings: await settings(of: message.topic),
      clientSizeMax: await producer.messageBytesMax
    ).rejection
  }

  /// The settings of a topic; asked for once a run.
  private func settings(of topic: String) async -> [String: String]? {
    if let known = topicSettings.withLock({ $0[topic] }) { return known }
    let timeout = Duration.seconds(5)
    let answer =
      asksForLimits
      ? await calls.watch(.limits, upTo: timeout) {
        await producer.topicSettings(of: [topic], timeout: timeout)[topic]
      } : nil
    topicSettings.withLock { $0[topic] = .some(answer) }
    return answer
  }

  /// What keeps this user out of the cluster; nil if nothing does.
  private func failure(behind error: KafkaError, within limit: Duration) async -> LoginError? {
    guard [.unreachable, .timedOut, .tls, .authentication].contains(error.code) else { return nil }
    return await login.check(timeout: min(limit, Self.explanationTimeMax)).failure
  }

  static func runError(_ failure: LoginError, _ name: String, symptom: String = "") -> RunError {
    var error = RunError(
      failure.code == .setting ? .configuration : .failed,
      "destination \(name): \(symptom)\(failure.description)",
      kind: failure.code.kind,
      hint: failure.hint ?? failure.advice
    )
    error.cause = .destination
    return error
  }

  /// Whether other syncs of the destination meet the same.
  private static func isShared(_ code: KafkaError.Code) -> Bool {
    switch code {
    case .setting, .unreachable, .timedOut, .tls, .authentication, .authorization, .unsupported:
      true
    case .unknownTopic, .abortable, .fenced, .fatal, .outcomeUnknown, .interrupted, .broker: false
    }
  }

  static func runError(_ error: KafkaError, _ name: String) -> RunError {
    let code = error.codeToTell
    var failure = RunError(
      code == .setting ? .configuration : .failed,
      "destination \(name): \(error.description)",
      kind: code.kind,
      hint: error.hint ?? (code == .authorization ? rightsHint : hint(for: code))
    )
    if isShared(code) { failure.cause = .destination }
    return failure
  }

  private static let rightsHint = "`sluice check --connect` says which right is missing"

  private static func hint(for code: KafkaError.Code) -> String? {
    switch code {
    case .unreachable, .timedOut:
      "is the broker up, and are `brokers` and `tls` right? try `kcat -L -b HOST:PORT`"
    case .tls: "is this a TLS port? `tls: false` speaks in clear"
    case .authentication: "check `sasl:` of the destination"
    case .setting, .authorization, .unknownTopic, .unsupported, .abortable, .fenced, .fatal,
      .outcomeUnknown, .interrupted, .broker:
      nil
    }
  }
}
