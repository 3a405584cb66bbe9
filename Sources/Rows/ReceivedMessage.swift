/// One message as a consumer sees it.
public struct ReceivedMessage: Sendable, Hashable {
  /// One header.
  public struct Header: Sendable, Hashable {
    /// Its name.
    public var name: String
    /// Its value; nil for none.
    public var value: [UInt8]?

    /// Describes a header.
    public init(name: String, value: [UInt8]?) {
      self.name = name
      self.value = value
    }
  }

  /// The topic.
  public var topic: String
  /// The partition.
  public var partition: Int32
  /// Its place in the partition.
  public var offset: Int64
  /// The key; nil for none.
  public var key: [UInt8]?
  /// The value; nil for a tombstone.
  public var value: [UInt8]?
  /// The headers, in their order.
  public var headers: [Header]

  /// Describes a message.
  public init(
    topic: String,
    partition: Int32,
    offset: Int64,
    key: [UInt8]?,
    value: [UInt8]?,
    headers: [Header]
  ) {
    self.topic = topic
    self.partition = partition
    self.offset = offset
    self.key = key
    self.value = value
    self.headers = headers
  }
}
