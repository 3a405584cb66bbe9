/// The settings of librdkafka that Sluice decides, so that `properties` cannot.
///
/// The one list of them: the reader of a project refuses them with their place in the file, and the
/// producer refuses them again, from any caller.
public enum OwnedProperty {
  /// Why the user cannot set `name`; nil if the user can.
  public static func reason(against name: String) -> String? {
    if let reason = reasons[name] { return reason }
    if name.hasSuffix("_cb") { return callbacks }
    return prefixReasons.first { name.hasPrefix($0.prefix) }?.reason
  }

  private static let reliable = "Sluice sets it, so that nothing is lost, doubled or reordered"
  private static let bounded = "Sluice sets it, so that memory stays bounded"
  private static let callbacks = "it is a function, which only Sluice can give"
  private static let brokers = "write it under 'brokers'"
  private static let client = "write it as 'client_id'"
  private static let tls = "write it as 'tls'"
  private static let delivery = "write it as 'timeouts: {delivery: …}'"
  private static let connect = "write it as 'timeouts: {connect: …}'"
  private static let authorities = "write it as 'ca'"
  private static let certificate = "write it as 'certificate'"
  private static let key = "write it as 'private_key'"
  private static let verification = "write it as 'tls: {verify: …}'"
  private static let consumer = "Sluice decides it, and consumes only what it needs itself"

  /// The settings that are owned by their full names, and why.
  public static let reasons: [String: String] = [
    "acks": reliable,
    "request.required.acks": reliable,
    "enable.idempotence": reliable,
    "enable.gapless.guarantee": reliable,
    "transactional.id": reliable,
    "transaction.timeout.ms": reliable,
    "max.in.flight": reliable,
    "max.in.flight.requests.per.connection": reliable,
    "retries": reliable,
    "message.send.max.retries": reliable,
    "partitioner": "Sluice chooses the partition itself, as Java clients do",
    "msg_order_cmp": reliable,
    "queuing.strategy": reliable,
    "message.timeout.ms": delivery,
    "delivery.timeout.ms": delivery,
    "socket.connection.setup.timeout.ms": connect,
    "bootstrap.servers": brokers,
    "metadata.broker.list": brokers,
    "client.id": client,
    "security.protocol": tls,
    "allow.auto.create.topics": "topics are never created unasked",
    "opaque": callbacks,
    "default_topic_conf": callbacks,
    "delivery.report.only.error": reliable,
    "produce.offset.report": "Sluice asks for the offsets itself",
    "internal.termination.signal": "Sluice handles signals itself",
    "enabled_events": callbacks,
    "log.queue": callbacks,
    "log.thread.name": "Sluice writes the log",
    "log_level": "Sluice writes the log; see --log-level",
    "group.id": consumer,
    "group.instance.id": consumer,
    "enable.auto.commit": consumer,
    "enable.auto.offset.store": consumer,
    "auto.offset.reset": consumer,
    "isolation.level": consumer,
    "batch.num.messages": bounded,
    "batch.size": "Sluice fits it to what the topics take",
    "plugin.library.paths": "Sluice loads no code that a file names",
  ]

  private static let prefixReasons: [(prefix: String, reason: String)] = [
    ("sasl.", "write the login under 'sasl'"),
    ("test.", "it is for librdkafka's own tests; 'brokers: embedded' is for trying things"),
    ("queue.buffering.", bounded),
    ("ssl.ca.", authorities),
    ("ssl.certificate.", certificate),
    ("ssl.keystore.", key),
    ("ssl.key.", key),
    ("ssl.endpoint.", verification),
    ("enable.ssl.", verification),
    ("ssl_", callbacks),
    ("enable.sasl.", "write the login under 'sasl'"),
  ]
}
