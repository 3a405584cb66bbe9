import Settings

/// Reads `destinations:`.
struct DestinationReader {
  let directory: String
  let kafkaSettings: Configuration.KafkaSettingCheck?

  func read(_ node: YAMLNode, name: String) -> DestinationSettings? {
    guard let map = MappingReader(node, .destination) else { return nil }
    if let type = map.required("type", hint: "write 'type: kafka'") {
      _ = type.choice(of: ["kafka"], "a type of destination")
    }
    let brokers = map.required("brokers", hint: "write 'brokers: host:9092', or 'embedded' to try")
      .flatMap { BrokerReader().read($0) }
    var settings = DestinationSettings(brokers: brokers ?? .addresses([]))
    if let node = map["client_id"], let id = node.string("a client id") { settings.clientID = id }
    if let node = map["properties"] {
      settings.properties = KafkaProperties(check: kafkaSettings).read(node)
    }
    if let node = map["timeouts"] { readTimeouts(node, into: &settings) }
    settings.createTopics = map["create_topics"].flatMap(topicCreation)
    if brokers == .embedded {
      settings.tls = nil
      checkEmbedded(map)
      if settings.createTopics != nil {
        map["create_topics"]?.remark(.note, "the embedded broker makes every topic by itself")
      }
    } else {
      let reader = LoginReader(directory: directory)
      settings.tls = TLSReader(directory: directory).read(map)
      settings.mechanism = map["sasl"].flatMap { reader.read($0, tls: settings.tls) }
    }
    if brokers == nil, map["brokers"]?.lacksVariable != true { return nil }
    return settings
  }

  private func readTimeouts(_ node: YAMLNode, into settings: inout DestinationSettings) {
    guard let map = MappingReader(node, .timeouts) else { return }
    if let connect = map["connect"]?.duration("a timeout", in: .seconds(1)...(.seconds(3600))) {
      settings.connectTimeout = connect
    }
    if let delivery = map["delivery"]?.duration("a timeout", in: .seconds(1)...(.seconds(86_400))) {
      settings.deliveryTimeout = delivery
    }
  }

  /// What `create_topics` says; nil for `false`.
  private func topicCreation(_ node: YAMLNode) -> TopicCreation? {
    let hint = "write {partitions: 3, replication_factor: 3}; what is left out the broker decides"
    guard case .mapping = node.content else {
      if node.boolean() == true { node.error("`create_topics` has to say how", hint: hint) }
      return nil
    }
    guard let map = MappingReader(node, .topicCreation) else { return nil }
    var creation = TopicCreation()
    creation.partitions = map["partitions"]?
      .integer("a number of partitions", in: TopicBounds.partitions)
    creation.replicationFactor = map["replication_factor"]?
      .integer("a number of replicas", in: TopicBounds.replicas)
    for entry in map["config"]?.entries("settings of a topic") ?? [] {
      guard let text = entry.value.text("a value for \(entry.key)") else { continue }
      creation.configuration[entry.key] = text
    }
    return creation
  }

  private func checkEmbedded(_ map: MappingReader) {
    if let tls = map.entry("tls"), tls.value.boolean() != false {
      tls.error(
        "the embedded broker speaks no TLS",
        hint: "remove this line",
        kind: .contradiction
      )
    }
    for key in ["ca", "certificate", "private_key"] {
      map.entry(key)?.error(
        "the embedded broker speaks no TLS",
        hint: "remove this key",
        kind: .contradiction
      )
    }
    map.entry("sasl")?.error(
      "the embedded broker knows no login",
      hint: "remove this key",
      kind: .contradiction
    )
  }
}
