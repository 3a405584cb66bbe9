internal import Kafka
internal import Settings
internal import Synchronization

public import Reports

extension KafkaDestination {
  /// Topics that one run may create: a topic made of the wrong column would fill the cluster.
  static let newTopicsMax = 1000

  /// Partitions of the topics that it would create; nil where topics are never created.
  ///
  /// One where the broker decides.
  public var newPartitions: Int? { settings.createTopics.map { $0.partitions ?? 1 } }

  /// Creates those of `topics` that are missing, and learns of them.
  ///
  /// A refusal is remembered: a topic is asked for once a run.
  /// Throws a ``RunError`` if the cluster does not answer.
  public func create(_ topics: [String]) async throws -> [String: RunError]? {
    guard let creation = settings.createTopics else { return nil }
    let names = attempt(topics)
    if !names.isEmpty {
      do throws(KafkaError) {
        let refused = try await calls.watch(
          .creation,
          upTo: settings.connectTimeout,
          setting: .connect
        ) { () async throws(KafkaError) in
          try await producer.createTopics(names, creation, timeout: settings.connectTimeout)
        }
        for (name, error) in refused {
          refuse(name, error.message, kind: error.codeToTell.kind, hint: error.hint)
        }
      } catch {
        throw Self.runError(error, name)
      }
      try await learn(names)
    }
    let known = refusals.withLock { $0 }
    return Dictionary(topics.compactMap { topic in known[topic].map { (topic, $0) } }) { $1 }
  }

  /// Those of `topics` that nobody asked for yet.
  private func attempt(_ topics: [String]) -> [String] {
    let (new, rest) = attempted.withLock { attempted in
      let new = topics.filter { !attempted.contains($0) }
      let room = max(Self.newTopicsMax - attempted.count, 0)
      attempted.formUnion(new.prefix(room))
      return (Array(new.prefix(room)), new.dropFirst(room))
    }
    for topic in rest {
      refuse(
        topic,
        "one run creates at most \(Self.newTopicsMax) topics",
        kind: .unknownTopic,
        hint: "is `topic` made of the right column? the next run continues"
      )
    }
    return new
  }

  private func refuse(_ topic: String, _ reason: String, kind: ErrorKind, hint: String?) {
    refusals.withLock { $0[topic] = RunError(.failed, reason, kind: kind, hint: hint) }
  }

  /// Waits until the brokers show the topics that were made.
  private func learn(_ names: [String]) async throws {
    let deadline = ContinuousClock.now + settings.connectTimeout
    while true {
      try await refresh()
      let missing = names.filter { name in
        partitions(of: name) == nil && refusals.withLock { $0[name] == nil }
      }
      if missing.isEmpty { return }
      if ContinuousClock.now >= deadline {
        let reason = "made, but the brokers do not show it yet"
        for name in missing { refuse(name, reason, kind: .unknownTopic, hint: nil) }
        return
      }
      // A new topic spreads through the cluster; asking faster only keeps the brokers busy.
      try await Task.sleep(for: .milliseconds(20))
    }
  }
}
