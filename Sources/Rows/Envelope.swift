internal import Text

/// Messages that are ready to be produced: their bytes, and what lies where in them.
///
/// The composer fills one, the delivery submits it, a driver sends it and hands it back with its
/// report. One owner at a time: it is not Sendable, and is handed over by `sending` or in a `Handover`.
/// What becomes of a message is never written into it: that is in the report, and then in the
/// shipment. Emptied, it keeps its memory and its names of topics and headers for the next batch.
public final class Envelope {
  /// Where one message lies in ``Envelope/Contents/bytes``.
  public struct Message: Sendable {
    /// Index into ``Envelope/topics``.
    public var topic: Int32
    /// Partition, never negative.
    public var partition: Int32
    /// Key, nil for none.
    public var key: Range<Int>?
    /// Value, nil for a tombstone.
    public var value: Range<Int>?
    /// Headers in ``Envelope/Contents/headers``.
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

  /// One header: a name out of ``Envelope/headerNames`` and a value in ``Envelope/Contents/bytes``.
  public struct Header: Sendable {
    /// Index into ``Envelope/headerNames``.
    public var name: Int32
    /// The value, which may be empty.
    public var value: Range<Int>

    /// Places one header.
    public init(name: Int32, value: Range<Int>) {
      self.name = name
      self.value = value
    }
  }

  /// What lies in it; empty while it is taken out.
  private var contents = Contents()
  /// Names of the topics of this run; grows, and keeps its indexes.
  public var topics: [String] = []
  /// Names of the headers of this run; grows, and keeps its indexes.
  public var headerNames: [String] = []

  /// Creates an empty envelope.
  public init() {}

  /// The messages, in the order in which they are sent.
  public var messages: [Message] { contents.messages }

  /// The headers of all messages.
  public var headers: [Header] { contents.headers }

  /// The bytes of `range`, valid until the contents are taken out.
  public func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer { contents.bytes.bytes(range) }

  /// The text of `range`; bytes that are not UTF-8 become `�`.
  public func text(_ range: Range<Int>) -> String { String(decoding: bytes(range), as: UTF8.self) }

  /// Name of the topic of `message`.
  public func topic(of message: Message) -> String { topics[Int(message.topic)] }

  /// Bytes of key, value and headers of `message`.
  public func byteCount(of message: Message) -> Int {
    headers[message.headers].reduce(contentCount(of: message)) { sum, header in
      sum + headerNames[Int(header.name)].utf8.count
    }
  }

  /// Bytes of key, value and headers of `message`, without the names of headers.
  public func contentCount(of message: Message) -> Int {
    let start = (message.key?.count ?? 0) + (message.value?.count ?? 0)
    return headers[message.headers].reduce(start) { $0 + $1.value.count }
  }

  /// Drops its messages; it keeps memory for the next ones (up to 4 MiB) and its names.
  public func removeAll() { contents.removeAll() }

  /// Takes the contents out; the envelope is empty until they are put back.
  public func takeContents() -> Contents {
    var taken = Contents()
    swap(&taken, &contents)
    return taken
  }

  /// Puts back what ``takeContents()`` gave.
  public func put(_ contents: consuming Contents) {
    self.contents = contents
  }
}
