public import Kafka
public import KafkaProtocol
internal import Settings

extension KafkaSink: TransactionalSink {
  /// Itself.
  public var transactions: (any TransactionalSink)? { self }

  /// Makes a new producer of the transactional id `id`: any other one is fenced.
  public func openTransactions(id: String, requests: RequestSize) async throws(KafkaError) {
    try await renew { options in
      options.transactionalID = id
      options.messagesPerRequestMax = nil
      switch requests {
      case .full: break
      case .halved: options.requestBytesMax = max(options.requestBytesMax / 2, 1)
      case .messages(let count): options.messagesPerRequestMax = count
      }
    }
    try await register()
  }

  /// Makes a producer without transactions again.
  public func closeTransactions() async throws(KafkaError) {
    try await renew { options in
      options.transactionalID = nil
      options.messagesPerRequestMax = nil
    }
  }

  /// Every offset that the group `id` has, none of them in an open transaction.
  ///
  /// Asked again for a minute while a transaction is being ended.
  public func committedOffsets(of id: String) async throws(KafkaError) -> [CommittedOffset] {
    let timeout = Duration.seconds(60)
    return try await calls.watch(.offsets, upTo: timeout) { () async throws(KafkaError) in
      try await producer.groupOffsets(of: id, timeout: timeout)
    }
  }

  /// Opens a transaction.
  public func begin() async throws(KafkaError) {
    try await producer.begin()
  }

  /// Commits the open transaction with an offset of the group.
  public func commit(
    _ offset: Int64,
    metadata: String,
    topic: String
  ) async throws(KafkaError) {
    let group = try await group()
    try await calls.watch(.commit, upTo: settings.deliveryTimeout, .delivery) {
      () async throws(KafkaError) in
      try await producer.commit(
        offset: offset,
        metadata: metadata,
        topic: topic,
        group: group,
        timeout: settings.deliveryTimeout
      )
    }
  }

  /// Ends every wait of the present producer: a commit under way then counts as unknown.
  public func interrupt() { producer.interrupt() }

  /// Ends the open transaction without its messages.
  public func abort() async -> Bool {
    let timeout = Duration.seconds(10)
    do throws(KafkaError) {
      try await calls.watch(.abort, upTo: timeout) { () async throws(KafkaError) in
        try await producer.abort(timeout: timeout)
      }
      return true
    } catch {
      // What this cannot end, the next producer of the id ends, or the broker after its time.
      return false
    }
  }

  /// The group has the name of the transactional id.
  private func group() async throws(KafkaError) -> String {
    guard let id = await producer.options.transactionalID else {
      throw KafkaError(code: .unsupported, message: "this producer has no transactions")
    }
    return id
  }
}
