import CRdKafka

/// One admin request: its options, the queue its answer comes by, and the answer.
struct AdminCall: ~Copyable {
  let options: OpaquePointer
  let queue: OpaquePointer
  private var event: OpaquePointer?

  init(_ operation: rd_kafka_admin_op_t, of client: OpaquePointer, timeout: Int32) {
    options = rd_kafka_AdminOptions_new(client, operation)
    queue = rd_kafka_queue_new(client)
    var text = CText()
    _ = rd_kafka_AdminOptions_set_request_timeout(
      options,
      max(timeout, 1),
      &text.bytes,
      text.bytes.count
    )
  }

  deinit {
    if let event { rd_kafka_event_destroy(event) }
    rd_kafka_queue_destroy(queue)
    rd_kafka_AdminOptions_destroy(options)
  }

  /// Waits for the answer, which lives as long as this call.
  mutating func answer(_ context: String, timeout: Int32) throws(KafkaError) -> OpaquePointer {
    // librdkafka answers at its own timeout; a second more is for the answer to arrive.
    guard let event = rd_kafka_queue_poll(queue, timeout &+ 1000) else {
      throw KafkaError(RD_KAFKA_RESP_ERR__TIMED_OUT, context: context)
    }
    self.event = event
    let code = rd_kafka_event_error(event)
    guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
      let text = rd_kafka_event_error_string(event).map { String(cString: $0) }
      throw KafkaError(code, message: text, context: context)
    }
    return event
  }
}
