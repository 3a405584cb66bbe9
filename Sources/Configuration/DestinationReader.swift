import Settings

/// Reads `destinations:`.
struct DestinationReader {
  static let keys = [
    "type", "brokers", "client_id", "tls", "ca", "certificate", "private_key", "sasl",
    "properties", "timeouts",
  ]

  let directory: String
  let kafkaSettings: Configuration.KafkaSettingCheck?

  func read(_ node: YAMLNode, name: String) -> DestinationSettings? {
    guard let map = MappingReader(node, keys: Self.keys, subject: "a destination") else {
      return nil
    }
    if let type = map.required("type", hint: "write 'type: kafka'") {
      _ = type.choice(of: ["kafka"], "a type of destination")
    }
    let brokers = map.required("brokers", hint: "write 'brokers: host:9092', or 'embedded' to try")
      .flatMap { BrokerReader().read($0) }
    var settings = DestinationSettings(brokers: brokers ?? .embedded)
    if let node = map["client_id"], let id = node.string("a client id") { settings.clientID = id }
    if let node = map["properties"] {
      settings.properties = KafkaProperties(check: kafkaSettings).read(node)
    }
    if let node = map["timeouts"] { readTimeouts(node, into: &settings) }
    if brokers == .embedded {
      settings.tls = nil
      checkEmbedded(map)
    } else {
      let reader = LoginReader(directory: directory)
      settings.tls = TLSReader(directory: directory).read(map)
      settings.mechanism = map["sasl"].flatMap { reader.read($0, tls: settings.tls) }
    }
    return brokers == nil ? nil : settings
  }

  private func readTimeouts(_ node: YAMLNode, into settings: inout DestinationSettings) {
    let keys = ["connect", "delivery"]
    guard let map = MappingReader(node, keys: keys, subject: "'timeouts'") else { return }
    if let connect = map["connect"]?.duration("a timeout", in: .seconds(1)...(.seconds(3600))) {
      settings.connectTimeout = connect
    }
    if let delivery = map["delivery"]?.duration("a timeout", in: .seconds(1)...(.seconds(86_400))) {
      settings.deliveryTimeout = delivery
    }
  }

  private func checkEmbedded(_ map: MappingReader) {
    if let tls = map.entry("tls"), tls.value.boolean() != false {
      tls.error("the embedded broker speaks no TLS", hint: "remove this line")
    }
    for key in ["ca", "certificate", "private_key"] {
      map.entry(key)?.error("the embedded broker speaks no TLS", hint: "remove this key")
    }
    map.entry("sasl")?.error("the embedded broker knows no login", hint: "remove this key")
  }
}
