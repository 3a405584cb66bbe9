internal import Kafka
internal import Settings

/// librdkafka's settings for a destination.
enum KafkaProperties {
  static func make(_ settings: DestinationSettings) throws(KafkaError) -> [String: String] {
    var properties: [String: String] = [:]
    for (name, value) in settings.properties { properties[name] = value.exposed }
    try ProducerOptions.check(properties: properties)
    if case .addresses(let brokers) = settings.brokers {
      properties["bootstrap.servers"] = brokers.joined(separator: ",")
    }
    properties["client.id"] = settings.clientID
    properties["security.protocol"] =
      switch (settings.usesTLS, settings.plain) {
      case (true, nil): "ssl"
      case (true, _?): "sasl_ssl"
      case (false, nil): "plaintext"
      case (false, _?): "sasl_plaintext"
      }
    if let plain = settings.plain {
      properties["sasl.mechanism"] = "PLAIN"
      properties["sasl.username"] = plain.username.exposed
      properties["sasl.password"] = plain.password.exposed
    }
    return properties
  }
}
