internal import Kafka
internal import KafkaProtocol
internal import Settings
internal import Tracing

/// What a destination means for the rooms below: the way in, and librdkafka's settings.
enum ClientProperties {
  /// What librdkafka tells of where something listens and the user has not chosen: connections,
  /// logins, requests, transactions.
  private static let traced = "broker,security,protocol,eos"

  /// librdkafka's settings but those of ``login(_:)``.
  static func make(_ settings: DestinationSettings) throws(KafkaError) -> [String: String] {
    var properties: [String: String] = [:]
    for (name, value) in settings.properties { properties[name] = value.exposed }
    try ProducerOptions.check(properties: properties)
    properties["client.id"] = settings.clientID
    if Trace.current.isOn, properties["debug"] == nil { properties["debug"] = traced }
    let milliseconds = settings.connectTimeout / .milliseconds(1)
    properties["socket.connection.setup.timeout.ms"] = String(Int(max(1000, milliseconds)))
    return properties
  }

  /// The way into the cluster; reads certificates and keys.
  static func login(_ settings: DestinationSettings) throws(LoginError) -> ClusterLogin {
    var brokers: [String] = []
    if case .addresses(let addresses) = settings.brokers { brokers = addresses }
    var login = LoginSettings(brokers: brokers, tls: settings.tls, mechanism: settings.mechanism)
    login.connectTimeout = settings.connectTimeout
    return try ClusterLogin(login)
  }
}
