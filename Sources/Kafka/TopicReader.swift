import Blocking
import Text
import CRdKafka
public import KafkaProtocol
public import Rows

/// Reads topics from their beginning, every committed message once, without a consumer group.
public actor TopicReader {
  private let executor: ThreadExecutor
  private let handle: ClientHandle
  private var positions: [Place: Int64] = [:]

  private struct Place: Hashable {
    var topic: String
    var partition: Int32
  }

  /// The thread this reader lives on.
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  /// Creates a reader with librdkafka's own `settings`.
  ///
  /// `login` brings the brokers and the way in; without it `bootstrap.servers` is among `settings`.
  /// Throws if librdkafka refuses a setting.
  public init(settings: [String: String], login: ClusterLogin? = nil) throws(KafkaError) {
    let configuration = ConfigurationHandle()
    let callbacks = login.map { LoginCallbacks($0) }
    try configuration.set(settings.merging(callbacks?.settings ?? [:]) { _, login in login })
    try configuration.set([
      "group.id": "sluice-reader", "enable.auto.commit": "false", "enable.partition.eof": "true",
      "auto.offset.reset": "earliest", "isolation.level": "read_committed",
      "allow.auto.create.topics": "false", "fetch.wait.max.ms": "10",
    ])
    handle = try ClientHandle(RD_KAFKA_CONSUMER, configuration: configuration, callbacks: callbacks)
    rd_kafka_poll_set_consumer(handle.pointer)
    executor = ThreadExecutor()
  }

  deinit {
    executor.stop()
  }

  /// Reads on to the present end of `topics`, given with their partition counts.
  ///
  /// A call continues where the last one for that partition ended. Returns what was read when the
  /// end of every partition is reached or `timeout` has passed.
  public func read(_ topics: [String: Int], timeout: Duration) -> [ReceivedMessage] {
    let deadline = Deadline(after: timeout)
    var waiting = assign(topics)
    var messages: [ReceivedMessage] = []
    while !waiting.isEmpty, !deadline.isPast {
      guard
        let raw = rd_kafka_consumer_poll(handle.pointer, deadline.milliseconds(atMost: 100))
      else { continue }
      defer { rd_kafka_message_destroy(raw) }
      guard let topic = raw.pointee.rkt else { continue }
      let place = Place(
        topic: String(cString: rd_kafka_topic_name(topic)),
        partition: raw.pointee.partition
      )
      switch raw.pointee.err {
      case RD_KAFKA_RESP_ERR_NO_ERROR:
        positions[place] = raw.pointee.offset + 1
        messages.append(Self.message(raw, at: place))
      case RD_KAFKA_RESP_ERR__PARTITION_EOF: waiting.remove(place)
      default: break
      }
    }
    return messages
  }

  private func assign(_ topics: [String: Int]) -> Set<Place> {
    let list = rd_kafka_topic_partition_list_new(Int32(clamping: topics.count))
    defer { rd_kafka_topic_partition_list_destroy(list) }
    var places: Set<Place> = []
    for (topic, count) in topics {
      for partition in 0..<Int32(clamping: max(count, 0)) {
        let place = Place(topic: topic, partition: partition)
        places.insert(place)
        let entry = rd_kafka_topic_partition_list_add(list, topic, partition)
        entry?.pointee.offset = positions[place] ?? Int64(RD_KAFKA_OFFSET_BEGINNING)
      }
    }
    _ = rd_kafka_assign(handle.pointer, list)
    return places
  }

  private static func message(
    _ raw: UnsafeMutablePointer<rd_kafka_message_t>,
    at place: Place
  ) -> ReceivedMessage {
    ReceivedMessage(
      topic: place.topic,
      partition: place.partition,
      offset: raw.pointee.offset,
      key: copy(raw.pointee.key, raw.pointee.key_len),
      value: copy(raw.pointee.payload, raw.pointee.len),
      headers: headers(of: raw)
    )
  }

  private static func headers(
    of raw: UnsafeMutablePointer<rd_kafka_message_t>
  ) -> [ReceivedMessage.Header] {
    var list: OpaquePointer?
    guard rd_kafka_message_headers(raw, &list) == RD_KAFKA_RESP_ERR_NO_ERROR, let list else {
      return []
    }
    return (0..<rd_kafka_header_cnt(list)).compactMap { index in
      var name: UnsafePointer<CChar>?
      var value: UnsafeRawPointer?
      var size = 0
      let code = rd_kafka_header_get_all(list, index, &name, &value, &size)
      guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let name else { return nil }
      return .init(name: String(cString: name), value: copy(value, size))
    }
  }

  private static func copy(_ pointer: UnsafeRawPointer?, _ count: Int) -> [UInt8]? {
    pointer.map { Array(UnsafeRawBufferPointer(start: $0, count: count)) }
  }
}
