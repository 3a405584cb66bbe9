import CRdKafka

extension KafkaProducer {
  /// Reads every offset that Kafka holds for `group`; none when it has forgotten the group.
  ///
  /// Only settled offsets: while a transaction with one of them is being ended, and after errors
  /// that pass, it asks again until `timeout`. An answer without an error for every partition is
  /// the only one that is believed.
  public func groupOffsets(
    of group: String,
    timeout: Duration
  ) throws(KafkaError) -> [GroupOffset] {
    let deadline = Deadline(after: timeout)
    while true {
      do {
        return try offsets(of: group, timeout: deadline.milliseconds(atMost: 10_000))
      } catch {
        guard Self.passes(error) else { throw error }
        if deadline.isPast { throw error }
        if interrupted { throw KafkaError(code: .interrupted, message: "stopped") }
      }
      serveAll(waiting: deadline.milliseconds(atMost: 100))
    }
  }

  private func offsets(of group: String, timeout: Int32) throws(KafkaError) -> [GroupOffset] {
    let context = "offsets of group \(group)"
    let operation = RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS
    var call = AdminCall(operation, of: client.handle.pointer, timeout: timeout)
    if let error = rd_kafka_AdminOptions_set_require_stable_offsets(call.options, 1) {
      throw KafkaError(consuming: error, context: context)
    }
    var request = rd_kafka_ListConsumerGroupOffsets_new(group, nil)
    defer { rd_kafka_ListConsumerGroupOffsets_destroy(request) }
    let pointer = client.handle.pointer
    rd_kafka_ListConsumerGroupOffsets(pointer, &request, 1, call.options, call.queue)
    let event = try call.answer(context, timeout: timeout)
    var count = 0
    guard
      let result = rd_kafka_event_ListConsumerGroupOffsets_result(event),
      let groups = rd_kafka_ListConsumerGroupOffsets_result_groups(result, &count),
      count == 1,
      let answer = groups[0]
    else { throw KafkaError(RD_KAFKA_RESP_ERR__BAD_MSG, context: context) }
    if let error = rd_kafka_group_result_error(answer) {
      // Owned by the result, unlike other error objects.
      let text = String(cString: rd_kafka_error_string(error))
      throw KafkaError(rd_kafka_error_code(error), message: text, context: context)
    }
    return try Self.offsets(rd_kafka_group_result_partitions(answer), context)
  }

  private static func offsets(
    _ list: UnsafePointer<rd_kafka_topic_partition_list_t>?,
    _ context: String
  ) throws(KafkaError) -> [GroupOffset] {
    guard let list else { return [] }
    var offsets: [GroupOffset] = []
    for entry in UnsafeBufferPointer(start: list.pointee.elems, count: Int(list.pointee.cnt)) {
      guard entry.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
        throw KafkaError(entry.err, context: context)
      }
      guard entry.offset >= 0 else { continue }
      let text = UnsafeRawBufferPointer(start: entry.metadata, count: entry.metadata_size)
      offsets.append(
        GroupOffset(
          topic: String(cString: entry.topic),
          partition: entry.partition,
          offset: entry.offset,
          metadata: String(decoding: text, as: UTF8.self)
        )
      )
    }
    return offsets
  }

  private static func passes(_ error: KafkaError) -> Bool {
    let native = rd_kafka_resp_err_t(rawValue: error.native)
    return switch native {
    case RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
      RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, RD_KAFKA_RESP_ERR_NOT_COORDINATOR,
      RD_KAFKA_RESP_ERR__WAIT_COORD, RD_KAFKA_RESP_ERR__TRANSPORT,
      RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
      RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION:
      true
    default: false
    }
  }
}
