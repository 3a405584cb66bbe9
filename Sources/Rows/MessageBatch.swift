public import Text

/// Messages that are ready to be produced, in one buffer.
///
/// A composer fills it, a driver sends it and gives it back emptied for the next batch. One
/// owner at a time: it is handed over, never shared.
public final class MessageBatch {
  /// Where one message lies in ``MessageBatch/bytes``.
  public struct Message: Sendable {
    /// Index into ``MessageBatch/topics``.
    public var topic: Int32
    /// Partition, never negative.
    public var partition: Int32
    /// Offset the broker gave it; -1 while there is none.
    public var offset: Int64 = -1
    /// Key, nil for none.
    public var key: Range<Int>?
    /// Value, nil for a tombstone.
    public var value: Range<Int>?
    /// Headers in ``MessageBatch/headers``.
    public var headers: Range<Int>

    /// Places one message.
    public init(
      topic: Int32,
      partition: Int32,
      key: Range<Int>?,
      value: Range<Int>?,
      headers: Range<Int>
    ) {
      self.topic = topic
      self.partition = partition
      self.key = key
      self.value = value
      self.headers = headers
    }
  }

  /// One header: a name out of ``MessageBatch/headerNames`` and a value in ``MessageBatch/bytes``.
  public struct Header: Sendable {
    /// Index into ``MessageBatch/headerNames``.
    public var name: Int32
    /// The value, which may be empty.
    public var value: Range<Int>

    /// Places one header.
    public init(name: Int32, value: Range<Int>) {
      self.name = name
      self.value = value
    }
  }

  /// Keys, values and header values.
  public var bytes = ByteBuffer(capacity: 1 << 16)
  /// The messages, in the order in which they are sent.
  public var messages: [Message] = []
  /// The headers of all messages.
  public var headers: [Header] = []
  /// Names of the topics of this run; grows, and keeps its indexes.
  public var topics: [String] = []
  /// Names of the headers of this run; grows, and keeps its indexes.
  public var headerNames: [String] = []

  /// Creates an empty batch.
  public init() {}

  /// Name of the topic of the message with `index`.
  public func topic(of index: Int) -> String { topics[Int(messages[index].topic)] }

  /// Bytes of key, value and headers of the message with `index`.
  public func byteCount(of index: Int) -> Int {
    let message = messages[index]
    let start = (message.key?.count ?? 0) + (message.value?.count ?? 0)
    return headers[message.headers].reduce(start) { sum, header in
      sum + headerNames[Int(header.name)].utf8.count + header.value.count
    }
  }

  /// Drops the messages and keeps names and memory (up to 4 MiB of bytes).
  public func removeAll() {
    bytes.removeAll(keepingUpTo: 4 << 20)
    messages.removeAll(keepingCapacity: true)
    headers.removeAll(keepingCapacity: true)
  }
}

// Handed over, never shared: the pool and the queues it travels through keep one owner at a time.
extension MessageBatch: @unchecked Sendable {}
