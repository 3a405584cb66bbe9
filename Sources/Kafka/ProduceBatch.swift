import CRdKafka
import Rows
import Text

/// Messages without headers that are handed to librdkafka in one call, which copies them.
///
/// One call takes the topic's lock and reads the clock once.
struct ProduceBatch: ~Copyable {
  /// Messages of one call, at most.
  static let capacity = 256
  private let messages: UnsafeMutablePointer<rd_kafka_message_t>
  private(set) var count = 0
  /// Index of the topic of all of them.
  private(set) var topic: Int32 = -1

  init() {
    messages = .allocate(capacity: Self.capacity)
    messages.initialize(repeating: rd_kafka_message_t(), count: Self.capacity)
  }

  deinit {
    messages.deallocate()
  }

  /// Whether a message to `topic` fits.
  @inline(__always) func takes(_ topic: Int32) -> Bool {
    count == 0 || count < Self.capacity && topic == self.topic
  }

  /// Adds one message, whose bytes stay where they are until the batch is empty.
  @inline(__always)
  mutating func add(
    _ message: Envelope.Message,
    of contents: borrowing Envelope.Contents,
    opaque: UInt
  ) {
    topic = message.topic
    let value = message.value.map { contents.bytes.bytes($0) }
    let key = message.key.map { contents.bytes.bytes($0) }
    // librdkafka only reads them: with RD_KAFKA_MSG_F_COPY it keeps a copy.
    messages[count].payload = UnsafeMutableRawPointer(mutating: value?.baseAddress)
    messages[count].len = value?.count ?? 0
    messages[count].key = UnsafeMutableRawPointer(mutating: key?.baseAddress)
    messages[count].key_len = key?.count ?? 0
    messages[count].partition = message.partition
    messages[count]._private = UnsafeMutableRawPointer(bitPattern: opaque)
    messages[count].err = RD_KAFKA_RESP_ERR_NO_ERROR
    count += 1
  }

  /// Hands the messages to `topic` and returns how many librdkafka took.
  ///
  /// Those for which it has no room now are kept; `refused` is called for each other.
  mutating func produce(
    to topic: OpaquePointer,
    refused: (rd_kafka_resp_err_t, _ opaque: UInt) -> Void
  ) -> Int {
    let flags = RD_KAFKA_MSG_F_COPY | RD_KAFKA_MSG_F_PARTITION
    let wanted = Int32(count)
    let taken = rd_kafka_produce_batch(topic, RD_KAFKA_PARTITION_UA, flags, messages, wanted)
    if taken == wanted {
      removeAll()
      return Int(taken)
    }
    var kept = 0
    for index in 0..<count {
      switch messages[index].err {
      case RD_KAFKA_RESP_ERR_NO_ERROR: break
      case RD_KAFKA_RESP_ERR__QUEUE_FULL:
        messages[kept] = messages[index]
        kept += 1
      default: refused(messages[index].err, opaque(index))
      }
    }
    count = kept
    return Int(taken)
  }

  /// Forgets the messages, and calls `body` with the opaque word of each.
  mutating func drop(_ body: (_ opaque: UInt) -> Void) {
    for index in 0..<count { body(opaque(index)) }
    removeAll()
  }

  private mutating func removeAll() { count = 0 }

  private func opaque(_ index: Int) -> UInt { UInt(bitPattern: messages[index]._private) }
}
