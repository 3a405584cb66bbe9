import Settings
import Blocking

/// How a ``KafkaProducer`` sends.
public struct ProducerOptions: Sendable, Hashable {
  /// How long a message may wait for its acknowledgement before it counts as failed.
  public var deliveryTimeout: Duration = .seconds(300)
  /// Bytes of messages in one request, at most; one message may be larger.
  ///
  /// The default stays below what brokers accept by default (1,048,588 bytes).
  public var requestBytesMax = 900_000
  /// Messages in one request, at most; nil for as many as ``requestBytesMax`` holds.
  ///
  /// With one a refusal blames the right message.
  public var messagesPerRequestMax: Int?
  /// The transactional id; nil sends at least once.
  public var transactionalID: String?
  /// How long the broker waits for a transaction before it aborts it.
  public var transactionTimeout: Duration = .seconds(60)

  /// Creates the defaults.
  public init() {}
}

extension ProducerOptions {
  /// Refuses a setting that Sluice owns (``OwnedProperty``).
  public static func check(properties: [String: String]) throws(KafkaError) {
    for name in properties.keys.sorted() {
      if let reason = OwnedProperty.reason(against: name) {
        let message = "Sluice owns this setting: \(reason)"
        throw KafkaError(code: .setting, message: message, context: name)
      }
    }
  }

  /// `settings` with everything that Sluice decides.
  func complete(_ settings: [String: String]) -> [String: String] {
    var all = Self.defaults.merging(settings) { _, given in given }
    all["acks"] = "all"
    all["enable.idempotence"] = "true"
    all["allow.auto.create.topics"] = "false"
    all["message.timeout.ms"] = String(max(deliveryTimeout.milliseconds, 1000))
    all["queue.buffering.max.messages"] = String(SendWindow.countMax)
    all["queue.buffering.max.kbytes"] = String(queueKilobytes(all))
    all["batch.size"] = String(bytesMax(settings["batch.size"]))
    if let messagesPerRequestMax {
      all["batch.num.messages"] = String(messagesPerRequestMax)
      if messagesPerRequestMax == 1 { all["linger.ms"] = "0" }
      // Every refusal sends what was in flight behind it again; with the default of 100 ms each of
      // them would cost that long.
      if settings["retry.backoff.ms"] == nil { all["retry.backoff.ms"] = "5" }
    }
    if let transactionalID { addTransactions(transactionalID, to: &all) }
    return all
  }

  /// What librdkafka may hold of copies: enough for any link, and for one message at least.
  private func queueKilobytes(_ settings: [String: String]) -> Int {
    max(Self.queueBytesMax, messageBytesMax(settings) + 1023) >> 10
  }

  private static let queueBytesMax = 16 << 20

  private static let defaults = [
    "linger.ms": "5", "message.max.bytes": "16777216", "batch.num.messages": "10000",
    "client.id": "sluice", "socket.nagle.disable": "true",
  ]

  /// Bytes of one message, at most, with what the user set.
  func messageBytesMax(_ settings: [String: String]) -> Int {
    let given = settings["message.max.bytes"] ?? Self.defaults["message.max.bytes"]
    return given.flatMap { Int($0) } ?? 1_000_000
  }

  private func bytesMax(_ given: String?) -> Int {
    let limit = max(min(requestBytesMax, Int(Int32.max)), 1)
    return given.flatMap { Int($0) }.map { max(min($0, limit), 1) } ?? limit
  }

  private func addTransactions(_ id: String, to settings: inout [String: String]) {
    settings["transactional.id"] = id
    let timeout = max(transactionTimeout.milliseconds, 1000)
    settings["transaction.timeout.ms"] = String(timeout)
    // librdkafka refuses messages that outlive their transaction.
    settings["message.timeout.ms"] = String(min(max(deliveryTimeout.milliseconds, 1000), timeout))
    // With the default of 100 ms every transaction waits that long for its coordinator.
    if settings["retry.backoff.ms"] == nil { settings["retry.backoff.ms"] = "10" }
  }
}
