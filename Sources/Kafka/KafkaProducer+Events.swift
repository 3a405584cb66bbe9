import CRdKafka

/// What librdkafka reports, and what becomes of the messages.
extension KafkaProducer {
  /// Reads what librdkafka has to report.
  func serveAll(waiting milliseconds: Int32) {
    for isolated in isolatedClients.values { serve(isolated, waiting: min(milliseconds, 1)) }
    serve(client, waiting: isolatedClients.isEmpty ? milliseconds : min(milliseconds, 1))
  }

  @inline(never)
  func reject(_ code: rd_kafka_resp_err_t, _ opaque: UInt) {
    inFlight.fail(opaque, describe(code), fate: MessageFailure.Fate(rejected: code))
  }

  @inline(never)
  func stop(_ opaque: UInt) {
    let code: KafkaError.Code = interrupted ? .interrupted : .timedOut
    let message = interrupted ? "stopped before it was sent" : "librdkafka's queue stayed full"
    inFlight.fail(opaque, KafkaError(code: code, message: message), fate: .stopped)
  }

  /// Has the rest of a spoiled transaction reported, of which nothing more is sent.
  ///
  /// What waits would be reported only when its time is up; what is under way comes back to the queue,
  /// and is purged the next time.
  func purgeSpoiledTransaction() {
    if isTransactionSpoiled { purge(RD_KAFKA_PURGE_F_QUEUE) }
  }

  func purge(_ flags: Int32) {
    _ = rd_kafka_purge(client.handle.pointer, flags | RD_KAFKA_PURGE_F_NON_BLOCKING)
    for isolated in isolatedClients.values {
      _ = rd_kafka_purge(isolated.handle.pointer, flags | RD_KAFKA_PURGE_F_NON_BLOCKING)
    }
  }

  /// Reads every event there is; waits `milliseconds` for the first.
  func serve(_ client: ProducerClient, waiting milliseconds: Int32) {
    var patience = milliseconds
    while let event = rd_kafka_queue_poll(client.handle.queue, patience) {
      defer { rd_kafka_event_destroy(event) }
      patience = 0
      switch rd_kafka_event_type(event) {
      case RD_KAFKA_EVENT_DR: readReports(event)
      case RD_KAFKA_EVENT_ERROR: note(event)
      default: break
      }
    }
  }

  private func readReports(_ event: OpaquePointer) {
    // Taken out for the loop: each access through the actor costs a check.
    var inFlight = InFlightBatches()
    swap(&inFlight, &self.inFlight)
    var count = 0
    defer {
      swap(&inFlight, &self.inFlight)
      held -= count
    }
    while let message = rd_kafka_event_message_next(event) {
      count += 1
      let opaque = UInt(bitPattern: message.pointee._private)
      if message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR {
        inFlight.acknowledge(opaque, offset: message.pointee.offset)
      } else if let isolated = inFlight.isIsolated(opaque) {
        let code = message.pointee.err
        let fate = MessageFailure.Fate(reported: code, isolated: isolated)
        inFlight.fail(opaque, describe(code), fate: fate)
        isTransactionSpoiled = options.transactionalID != nil
      }
    }
  }

  private func describe(_ code: rd_kafka_resp_err_t) -> KafkaError {
    var error = KafkaError(code)
    if error.code == .fatal, let fatal = client.fatalError { error = fatal }
    if error.code == .timedOut { error.cause = complaint?.message }
    return error
  }

  private func note(_ event: OpaquePointer) {
    let code = rd_kafka_event_error(event)
    guard let text = rd_kafka_event_error_string(event) else { return }
    // "All brokers are down" says less than what was said of one of them just before.
    if code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, lastComplaint != nil { return }
    lastComplaint = KafkaError(code, message: String(cString: text))
  }
}
