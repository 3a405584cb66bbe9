import CRdKafka

/// One producing client of librdkafka with the handles of the topics it writes to.
final class ProducerClient {
  let handle: ClientHandle
  private var topics: [String: OpaquePointer] = [:]

  init(settings: [String: String], callbacks: LoginCallbacks?) throws(KafkaError) {
    let configuration = ConfigurationHandle()
    try configuration.set(settings)
    rd_kafka_conf_set_events(configuration.pointer, RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR)
    handle = try ClientHandle(RD_KAFKA_PRODUCER, configuration: configuration, callbacks: callbacks)
  }

  deinit {
    // What nobody waits for any more must not be waited for here either.
    let everything = RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT
    _ = rd_kafka_purge(handle.pointer, everything | RD_KAFKA_PURGE_F_NON_BLOCKING)
    while let event = rd_kafka_queue_poll(handle.queue, 0) { rd_kafka_event_destroy(event) }
    // Each would keep rd_kafka_destroy waiting forever.
    for topic in topics.values { rd_kafka_topic_destroy(topic) }
  }

  /// Makes handles of topics that are known to exist: a handle is what creates them elsewhere.
  func prepare(_ names: some Sequence<String>) throws(KafkaError) {
    for name in names where topics[name] == nil {
      guard let topic = rd_kafka_topic_new(handle.pointer, name, nil) else {
        throw KafkaError(rd_kafka_last_error(), context: "topic \(name)")
      }
      topics[name] = topic
    }
  }

  var topicNames: [String] { Array(topics.keys) }

  /// The handles of `names`, nil for a topic that was not prepared.
  func handles(of names: [String]) -> [OpaquePointer?] {
    names.map { topics[$0] }
  }

  /// What the producer itself died of, if it did.
  var fatalError: KafkaError? {
    var text = CText()
    let code = rd_kafka_fatal_error(handle.pointer, &text.bytes, text.bytes.count)
    guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
    var error = KafkaError(code, message: text.string)
    if error.code != .fenced { error.code = .fatal }
    return error
  }
}
