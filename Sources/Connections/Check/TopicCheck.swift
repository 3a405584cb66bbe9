internal import Kafka
internal import KafkaProtocol
internal import Reports
internal import Settings
internal import Spelling

/// What syncs do with one topic.
struct TopicUse {
  /// The topic; nil where rows decide.
  var topic: String?
  /// Names of the syncs, sorted.
  var syncs: [String]
  /// The syncs that deliver exactly once, sorted.
  var transactionalSyncs: [String] = []
  /// Whether null values are sent.
  var hasTombstones: Bool
  /// Whether messages without a key are sent.
  var hasKeyless: Bool

  var syncList: String { syncs.joined(separator: ", ") }

  /// The topics of `syncs`, sorted; those that rows decide come last.
  static func all(of syncs: [SyncSettings]) -> [TopicUse] {
    var uses: [String?: TopicUse] = [:]
    for sync in syncs {
      for message in [sync.added, sync.changed, sync.removed] where message.isSelected {
        let name = name(message.topic.value)
        var use =
          uses[name]
          ?? TopicUse(topic: name, syncs: [], hasTombstones: false, hasKeyless: false)
        if !use.syncs.contains(sync.name) {
          use.syncs.append(sync.name)
          if sync.delivery == .exactlyOnce { use.transactionalSyncs.append(sync.name) }
        }
        if case .tombstone = message.body { use.hasTombstones = true }
        if message.key == nil { use.hasKeyless = true }
        uses[name] = use
      }
    }
    return uses.values.sorted { left, right in
      guard let first = left.topic else { return false }
      return right.topic.map { first < $0 } ?? true
    }
  }

  private static func name(_ value: ValueForm) -> String? {
    switch value {
    case .text(let text), .literal(.string(let text)): text
    default: nil
    }
  }
}

/// Judges one topic by what the cluster tells.
struct TopicCheck {
  let use: TopicUse
  let topic: String
  let cluster: Cluster
  /// Its settings by Kafka's names; nil where the cluster does not tell.
  let configuration: [String: String]?
  /// What creating it would do; nil if it is there, and where the cluster does not tell.
  let creation: Creation?

  /// How a run would make a topic, if it would, and why the broker would not.
  struct Creation {
    let settings: TopicCreation?
    let refusal: KafkaError?
  }

  private var subject: String { "topic \(topic)" }

  var items: [CheckItem] {
    guard let known = cluster.topics[topic] else { return [missing] }
    let rights = use.transactionalSyncs.isEmpty ? [writeRight] : [writeRight, readRight]
    return [exists(known)] + rights + settingItems(known)
  }

  private var missing: CheckItem {
    if let creation, let settings = creation.settings {
      return item(settings, creation.refusal)
    }
    let nearest = Spelling.nearest(to: topic, among: cluster.topics.keys.sorted())
    let advice = nearest.map { "did you mean '\($0)'?" } ?? creationAdvice
    return CheckItem(
      subject,
      check: "exists",
      verdict: .failed,
      reason: "the cluster shows no such topic; \(use.syncList) would send to it",
      hint: advice,
      kind: .unknownTopic
    )
  }

  private func item(_ creation: TopicCreation, _ refusal: KafkaError?) -> CheckItem {
    guard let refusal else {
      let text = { (number: Int?) in number.map(String.init) ?? "as the broker likes" }
      let detail =
        "will be created: partitions: \(text(creation.partitions)), "
        + "replicas: \(text(creation.replicationFactor))"
      return CheckItem(subject, check: "exists", verdict: .passed, reason: detail)
    }
    let detail = "it does not exist and could not be created: \(refusal.message)"
    return CheckItem(
      subject,
      check: "exists",
      verdict: .failed,
      reason: detail,
      hint: refusal.hint,
      kind: refusal.code.kind
    )
  }

  private func exists(_ known: Cluster.Topic) -> CheckItem {
    let detail = "partitions: \(known.partitions), replicas: \(known.replicationFactor)"
    if known.leaderless == 0 {
      return CheckItem(subject, check: "exists", verdict: .passed, reason: detail)
    }
    return CheckItem(
      subject,
      check: "exists",
      verdict: .failed,
      reason: "\(detail); \(known.leaderless) partitions have no leader",
      hint: "brokers are down: nothing can be sent there until they are back",
      kind: .brokerRefused
    )
  }

  private var creationAdvice: String {
    guard let creation else {
      return "create it; or ask for the right to describe it, if it is there"
    }
    if creation.refusal?.codeToTell != .authorization { return "create it: this user may" }
    return "have it created: this user may not; or ask for the right to describe it, if it is there"
  }

  private var writeRight: CheckItem {
    right(
      "right to write",
      operation: .write,
      complaint: "this user may not write to the topic",
      name: "Write"
    )
  }

  private var readRight: CheckItem {
    let syncs = use.transactionalSyncs.joined(separator: ", ")
    return right(
      "right to read",
      operation: .read,
      complaint: "this user may not read the topic, which `exactly_once` of \(syncs) needs",
      name: "Read"
    )
  }

  private func right(
    _ check: String,
    operation: Cluster.Operation,
    complaint: String,
    name: String
  ) -> CheckItem {
    guard let operations = cluster.topics[topic]?.operations else {
      return CheckItem(subject, check: check, verdict: .unknown, reason: "the broker does not tell")
    }
    if operations.contains(operation) { return CheckItem(subject, check: check, verdict: .passed) }
    return CheckItem(
      subject,
      check: check,
      verdict: .failed,
      reason: complaint,
      hint: "ask for \(name) on the topic",
      kind: .destinationRights
    )
  }

  private func settingItems(_ known: Cluster.Topic) -> [CheckItem] {
    guard let configuration else {
      return [
        CheckItem(
          subject,
          check: "settings",
          verdict: .unknown,
          reason: "the broker does not tell",
          hint: "with DescribeConfigs on the topic Sluice fits its requests to them"
        )
      ]
    }
    let names = [
      "min.insync.replicas", "max.message.bytes", "cleanup.policy", "message.timestamp.type",
    ]
    let detail = names.compactMap { name in configuration[name].map { "\(name)=\($0)" } }
      .joined(separator: ", ")
    let flaws = [replicas(known, configuration), cleanup(configuration)].compactMap { $0 }
    let isFine = !flaws.contains { $0.verdict == .failed }
    return [
      CheckItem(
        subject,
        check: "settings",
        verdict: isFine ? .passed : .failed,
        reason: detail,
        kind: isFine ? nil : .brokerRefused
      )
    ] + flaws
  }

  private func replicas(
    _ known: Cluster.Topic,
    _ configuration: [String: String]
  ) -> CheckItem? {
    guard let needed = configuration["min.insync.replicas"].flatMap({ Int($0) }),
      known.replicationFactor > 0, needed > known.replicationFactor
    else { return nil }
    let detail = "min.insync.replicas is \(needed), but there are only \(known.replicationFactor)"
    switch cluster.isAtLeast(3, 7) {
    case true?:
      let advice = "this release takes the smaller number; with fewer replicas it is not safer"
      return CheckItem(subject, check: "replicas", verdict: .passed, reason: detail, hint: advice)
    case false?:
      let advice = "no message can be acknowledged: lower min.insync.replicas or add replicas"
      return CheckItem(
        subject,
        check: "replicas",
        verdict: .failed,
        reason: detail,
        hint: advice,
        kind: .brokerRefused
      )
    case nil:
      let advice =
        "before Kafka 3.7 no message can be acknowledged then; which release this is, "
        + "the broker does not tell"
      return CheckItem(subject, check: "replicas", verdict: .unknown, reason: detail, hint: advice)
    }
  }

  private func cleanup(_ configuration: [String: String]) -> CheckItem? {
    guard let policy = configuration["cleanup.policy"] else { return nil }
    let isCompacted = policy.contains("compact")
    if isCompacted, use.hasKeyless {
      return CheckItem(
        subject,
        check: "cleanup policy",
        verdict: .failed,
        reason: "a compacted topic refuses messages without a key, which \(use.syncList) sends",
        hint: "give the sync a `key`",
        kind: .brokerRefused
      )
    }
    if !isCompacted, use.hasTombstones {
      return CheckItem(
        subject,
        check: "cleanup policy",
        verdict: .passed,
        reason: "tombstones on a topic that is not compacted",
        hint: "they are null values there and delete nothing; is cleanup.policy=compact meant?"
      )
    }
    return nil
  }
}
