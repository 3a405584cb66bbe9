public import Sync
internal import Kafka
internal import KafkaProtocol
internal import Settings

extension KafkaDestination: Transactions {
  /// Itself.
  public var transactions: (any Transactions)? { self }

  /// Makes a new producer of the transactional id `id`: any other one is fenced.
  ///
  /// Throws what the brokers say, or that they say nothing.
  public func open(id: String, requests: RequestSize) async throws(DeliveryFailure) {
    try await DeliveryFailure.adopting { () async throws(KafkaError) in
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
  }

  /// Makes a producer without transactions again.
  ///
  /// Throws if the cluster does not answer.
  public func close() async throws(DeliveryFailure) {
    try await DeliveryFailure.adopting { () async throws(KafkaError) in
      try await renew { options in
        options.transactionalID = nil
        options.messagesPerRequestMax = nil
      }
    }
  }

  /// Every offset that the group `id` has, none of them in an open transaction.
  ///
  /// With `waiting` it is asked again for a minute while a transaction is being ended.
  /// Throws if the coordinator does not answer, or refuses this user.
  public func marks(
    of id: String,
    waiting: Bool
  ) async throws(DeliveryFailure) -> [HeldMark] {
    let timeout = Duration.seconds(60)
    let offsets = try await DeliveryFailure.adopting { () async throws(KafkaError) in
      try await calls.watch(.offsets, upTo: timeout) { () async throws(KafkaError) in
        try await producer.groupOffsets(of: id, onlySettled: waiting, timeout: timeout)
      }
    }
    return offsets.map { offset in
      HeldMark(
        topic: offset.topic,
        partition: offset.partition,
        number: offset.offset,
        token: offset.metadata
      )
    }
  }

  /// Opens a transaction.
  ///
  /// Throws what librdkafka says of this producer.
  public func begin() async throws(DeliveryFailure) {
    try await DeliveryFailure.adopting { () async throws(KafkaError) in
      try await producer.begin()
    }
  }

  /// Commits the open transaction with an offset of the group.
  ///
  /// Throws the code `outcomeUnknown` if nobody knows whether it is committed.
  public func commit(
    _ number: Int64,
    token: String,
    topic: String
  ) async throws(DeliveryFailure) {
    try await DeliveryFailure.adopting { () async throws(KafkaError) in
      let group = try await group()
      try await calls.watch(.commit, upTo: settings.deliveryTimeout, setting: .delivery) {
        () async throws(KafkaError) in
        try await producer.commit(
          offset: number,
          metadata: token,
          topic: topic,
          group: group,
          timeout: settings.deliveryTimeout
        )
      }
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
