import Blocking
import CRdKafka
import Glibc

/// One transaction at a time; ``ProducerOptions/transactionalID`` must be set.
///
/// Errors say what to do next: `.abortable` abort and begin again; `.fenced`, `.fatal` and
/// `.outcomeUnknown` never abort: make a new producer, ``initTransactions(timeout:)``, and ask
/// ``groupOffsets(of:timeout:)`` what was committed. `isRetriable` errors may be called again.
extension KafkaProducer {
  /// Registers the transactional id: fences any other producer of it and ends its transaction.
  public func initTransactions(timeout: Duration) throws(KafkaError) {
    do throws(KafkaError) {
      try retry("init_transactions", timeout: timeout) { milliseconds in
        rd_kafka_init_transactions(client.handle.pointer, milliseconds)
      }
    } catch {
      var error = error
      if error.native == RD_KAFKA_RESP_ERR_INVALID_TRANSACTION_TIMEOUT.rawValue {
        error.hint =
          "set `transaction.max.timeout.ms` of the brokers to at least "
          + "\(options.transactionTimeout.milliseconds), or deliver at least once"
      }
      throw error
    }
  }

  /// Opens a transaction; messages can be submitted only inside one.
  ///
  /// Throws if another one is open, or the producer was fenced.
  public func begin() throws(KafkaError) {
    isTransactionSpoiled = false
    guard let error = rd_kafka_begin_transaction(client.handle.pointer) else { return }
    throw KafkaError(consuming: error, context: "begin_transaction")
  }

  /// Commits the open transaction together with an offset of `group`.
  ///
  /// The offset is that of partition 0 of `topic`. Waits for every message in flight first; call
  /// ``completed(waitingUpTo:)`` before and look at the failures. Commits nothing when a message
  /// failed: then `.abortable` is thrown.
  public func commit(
    offset: Int64,
    metadata: String,
    topic: String,
    group: String,
    timeout: Duration
  ) throws(KafkaError) {
    let deadline = Deadline(after: timeout)
    awaitAll(before: deadline)
    guard inFlight.pending == 0 else {
      throw KafkaError(code: .abortable, message: "messages are still under way")
    }
    try awaitCoordinator(of: group, before: deadline)
    try sendOffset(offset, metadata: metadata, topic: topic, group: group, deadline: deadline)
    do {
      try retry("commit_transaction", before: deadline) { milliseconds in
        rd_kafka_commit_transaction(client.handle.pointer, milliseconds)
      }
    } catch  where error.code != .abortable && error.code != .fenced && error.code != .fatal {
      // The request is out; whether the coordinator acted on it is not known here.
      throw KafkaError(
        code: .outcomeUnknown,
        message: error.message,
        context: "commit_transaction",
        cause: complaint?.message,
        native: error.native
      )
    }
  }

  /// Aborts the open transaction: its messages are never seen by a `read_committed` consumer.
  ///
  /// What is in flight is dropped or waited for; ``completed(waitingUpTo:)`` hands the batches back.
  /// Throws if the broker does not answer within `timeout`, or the producer was fenced.
  public func abort(timeout: Duration) throws(KafkaError) {
    let deadline = Deadline(after: timeout)
    _ = rd_kafka_purge(client.handle.pointer, RD_KAFKA_PURGE_F_QUEUE)
    awaitAll(before: deadline)
    try retry("abort_transaction", before: deadline) { milliseconds in
      rd_kafka_abort_transaction(client.handle.pointer, milliseconds)
    }
  }

  private func sendOffset(
    _ offset: Int64,
    metadata: String,
    topic: String,
    group: String,
    deadline: Deadline
  ) throws(KafkaError) {
    // Unsafe for the compiler only: both live and die in this call, on this thread.
    nonisolated(unsafe) let list = rd_kafka_topic_partition_list_new(1)
    defer { rd_kafka_topic_partition_list_destroy(list) }
    guard let entry = rd_kafka_topic_partition_list_add(list, topic, 0) else { return }
    entry.pointee.offset = offset
    // Freed with the list, by rd_free: it must come from the allocator of C.
    entry.pointee.metadata = UnsafeMutableRawPointer(strdup(metadata))
    entry.pointee.metadata_size = metadata.utf8.count
    nonisolated(unsafe) let consumer = rd_kafka_consumer_group_metadata_new(group)
    defer { rd_kafka_consumer_group_metadata_destroy(consumer) }
    try retry("send_offsets_to_transaction", before: deadline) { milliseconds in
      rd_kafka_send_offsets_to_transaction(client.handle.pointer, list, consumer, milliseconds)
    }
  }

  private func retry(
    _ context: String,
    timeout: Duration,
    call: (Int32) -> OpaquePointer?
  ) throws(KafkaError) {
    try retry(context, before: Deadline(after: timeout), call)
  }

  /// Calls until it works, fails for good, or the time is up.
  ///
  /// In slices, because reports must be read meanwhile: librdkafka waits until they are.
  private func retry(
    _ context: String,
    before deadline: Deadline,
    _ call: (Int32) -> OpaquePointer?
  ) throws(KafkaError) {
    while true {
      guard let raw = call(max(deadline.milliseconds(atMost: 1000), 1)) else { return }
      var error = KafkaError(consuming: raw, context: context)
      serveAll(waiting: 0)
      guard error.isRetriable else {
        if error.code == .fatal, let fatal = client.fatalError { error = fatal }
        throw error
      }
      if deadline.isPast {
        error.cause = complaint?.message
        throw error
      }
      if interrupted { throw KafkaError(code: .interrupted, message: "stopped", context: context) }
      serveAll(waiting: deadline.milliseconds(atMost: 10))
    }
  }
}
