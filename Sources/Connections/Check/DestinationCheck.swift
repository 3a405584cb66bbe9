internal import Sync
internal import Kafka
internal import KafkaProtocol
internal import Reports
internal import Settings

/// Looks at one destination: the way in, step by step, and every fixed topic of its syncs.
struct DestinationCheck {
  let name: String
  let settings: DestinationSettings
  let syncs: [SyncSettings]
  /// Where the states of the syncs are.
  let stateDirectory: String

  var subject: String { "destination \(name)" }

  func run(_ log: CheckLog) async {
    guard case .addresses = settings.brokers else {
      log.add(CheckItem(subject, check: "broker", verdict: .passed, reason: "inside the process"))
      return
    }
    log.begin("certificates and keys")
    let login: ClusterLogin
    do {
      login = try ClientProperties.login(settings)
    } catch {
      log.add(item("certificates and keys", error))
      return
    }
    log.begin("way in")
    let report = await login.check(timeout: settings.connectTimeout * 3 / 2)
    for step in report.steps { log.add(item(step)) }
    guard let cluster = report.cluster else { return }
    await checkTopics(login, cluster: cluster, log: log)
  }

  /// Notes for the syncs of whose last run a topic had fewer partitions.
  private func gains(
    _ use: TopicUse,
    topic: String,
    cluster: Cluster
  ) async -> [CheckItem] {
    guard let now = cluster.topics[topic]?.partitions else { return [] }
    var items: [CheckItem] = []
    for sync in syncs where use.syncs.contains(sync.name) {
      let remembered = RememberedDelivery(sync, directory: stateDirectory)
      if let gain = await remembered.partitionGain(topic, partitions: now) {
        items.append(
          CheckItem("topic \(topic)", check: "partitions", verdict: .passed, reason: gain)
        )
      }
    }
    return items
  }

  private func item(_ step: LoginStep) -> CheckItem {
    let check = "\(step.kind.title) \(step.broker)"
    if let failure = step.failure {
      var item = item(check, failure)
      // A refused certificate is described in the failure itself.
      if let certificate = step.certificate, failure.code != .certificate {
        item.reason = (item.reason ?? "") + "; the broker showed: \(certificate)"
      }
      return item
    }
    let parts = [step.detail, step.certificate?.description].compactMap { $0 }
    return CheckItem(
      subject,
      check: check,
      verdict: .passed,
      reason: parts.isEmpty ? nil : parts.joined(separator: ", ")
    )
  }

  private func item(_ check: String, _ failure: LoginError) -> CheckItem {
    CheckItem(
      subject,
      check: check,
      verdict: .failed,
      reason: failure.message,
      hint: failure.hint ?? failure.advice,
      kind: failure.code.kind,
      isConfiguration: failure.code == .setting
    )
  }

  // MARK: - Topics

  private func checkTopics(
    _ login: ClusterLogin,
    cluster: Cluster,
    log: CheckLog
  ) async {
    let uses = TopicUse.all(of: syncs)
    if uses.isEmpty { return }
    log.begin("topics")
    do {
      let producer = try KafkaProducer(settings: try ClientProperties.make(settings), login: login)
      // librdkafka finds its own way in, which must work, too.
      _ = try await producer.metadata(timeout: settings.connectTimeout / 2)
      let missing = uses.compactMap(\.topic).filter { cluster.topics[$0] == nil }
      let creations = await creations(of: missing, producer)
      for use in uses {
        guard let topic = use.topic else {
          let detail = "of \(use.syncList): known only row by row"
          log.add(CheckItem("topic ?", check: "exists", verdict: .unknown, reason: detail))
          continue
        }
        let exists = cluster.topics[topic] != nil
        let timeout = settings.connectTimeout / 4
        let check = TopicCheck(
          use: use,
          topic: topic,
          cluster: cluster,
          configuration: exists
            ? await producer.topicSettings(of: [topic], timeout: timeout)[topic] : nil,
          creation: creations[topic]
        )
        for item in check.items { log.add(item) }
        for item in await gains(use, topic: topic, cluster: cluster) { log.add(item) }
      }
      log.add(createRight(cluster))
      log.begin("rights")
      let rights = RightsCheck(syncs, stateDirectory)
      for item in await rights.items(login, timeout: settings.connectTimeout / 4) { log.add(item) }
    } catch {
      log.add(CheckItem(subject, check: "topics", error: KafkaDestination.runError(error, name)))
    }
  }

  /// What the broker would say to creating topics, which it does not do now.
  ///
  /// Empty if it does not tell. A cluster that lacks hundreds has another problem.
  private func creations(
    of topics: [String],
    _ producer: KafkaProducer
  ) async -> [String: TopicCheck.Creation] {
    let topics = topics.prefix(50)
    if topics.isEmpty { return [:] }
    let refusals = try? await producer.createTopics(
      Array(topics),
      settings.createTopics ?? TopicCreation(),
      validatesOnly: true,
      timeout: settings.connectTimeout / 4
    )
    guard let refusals else { return [:] }
    let creations = topics.map {
      ($0, TopicCheck.Creation(settings: settings.createTopics, refusal: refusals[$0]))
    }
    return Dictionary(creations) { $1 }
  }

  /// The right to create any topic; it is a fact, not a fault, where nobody wants to.
  private func createRight(_ cluster: Cluster) -> CheckItem {
    let check = "right to create topics"
    guard let operations = cluster.operations else {
      return CheckItem(subject, check: check, verdict: .unknown, reason: "the broker does not tell")
    }
    let detail =
      operations.contains(.create)
      ? "this user may create any topic" : "none for topics of any name"
    return CheckItem(subject, check: check, verdict: .passed, reason: detail)
  }
}

extension LoginStep.Kind {
  /// As a person would say it.
  var title: String {
    switch self {
    case .nameResolution: "name of"
    case .connection: "connection to"
    case .tls: "TLS with"
    case .login: "login at"
    case .cluster: "cluster by"
    case .advertised: "advertised address"
    }
  }
}
