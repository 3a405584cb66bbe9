import CRdKafka

/// Sole owner of one `rd_kafka_t *` and of the queue its events come from.
struct ClientHandle: ~Copyable {
  let pointer: OpaquePointer
  let queue: OpaquePointer

  init(_ type: rd_kafka_type_t, _ configuration: consuming ConfigurationHandle) throws(KafkaError) {
    var text = CText()
    let conf = configuration.release()
    guard let pointer = rd_kafka_new(type, conf, &text.bytes, text.bytes.count) else {
      // rd_kafka_new takes the configuration only when it succeeds.
      rd_kafka_conf_destroy(conf)
      throw KafkaError(code: .setting, message: text.string)
    }
    self.pointer = pointer
    queue = rd_kafka_queue_get_main(pointer)
  }

  deinit {
    rd_kafka_queue_destroy(queue)
    rd_kafka_destroy(pointer)
  }
}
