import CRdKafka

/// Sole owner of one `rd_kafka_conf_t *`, until `rd_kafka_new` takes it.
struct ConfigurationHandle: ~Copyable {
  let pointer: OpaquePointer

  init() {
    pointer = rd_kafka_conf_new()
    // What matters comes as an event; nothing is to be printed behind the caller's back.
    rd_kafka_conf_set_log_cb(pointer, { _, _, _, _ in })
  }

  deinit {
    rd_kafka_conf_destroy(pointer)
  }

  func set(_ name: String, to value: String) throws(KafkaError) {
    var text = CText()
    let result = rd_kafka_conf_set(pointer, name, value, &text.bytes, text.bytes.count)
    guard result != RD_KAFKA_CONF_OK else { return }
    // The text of librdkafka may repeat the value, which may be a secret.
    let isUnknown = result == RD_KAFKA_CONF_UNKNOWN
    let reason = isUnknown ? "librdkafka has no such setting" : "not a value of this setting"
    throw KafkaError(
      code: .setting,
      message: text.string.contains(value) && value.count > 3 ? reason : text.string,
      context: name,
      native: RD_KAFKA_RESP_ERR__INVALID_ARG.rawValue
    )
  }

  func set(_ settings: [String: String]) throws(KafkaError) {
    for (name, value) in settings.sorted(by: { $0.key < $1.key }) { try set(name, to: value) }
  }

  /// Gives the pointer up: the caller owns it from now on.
  consuming func release() -> OpaquePointer {
    let pointer = self.pointer
    discard self
    return pointer
  }
}
