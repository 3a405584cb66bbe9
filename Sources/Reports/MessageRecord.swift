public import Settings
internal import Values

/// One message that the broker acknowledged, as the state remembers it.
public struct MessageRecord: Sendable, Hashable {
  /// Most bytes of a key, of all headers and of a value that are kept.
  public static let byteCountMax = 4096

  /// When its batch was acknowledged, in microseconds since 1970.
  public var time: Int
  /// What happened to the row.
  public var change: Change
  /// The row's key, columns separated by commas; nil if it cannot be told any more.
  public var row: String?
  /// Topic.
  public var topic: String
  /// Partition.
  public var partition: Int
  /// Offset, nil if the broker told none.
  public var offset: Int?
  /// Start of the message's key, nil for none.
  public var key: [UInt8]?
  /// Identity of the event.
  public var eventID: String
  /// Headers as a JSON object; values under names that tell of a secret are `***`.
  public var headers: String
  /// Start of the value, nil for a tombstone.
  public var value: [UInt8]?
  /// Bytes of the whole value, nil for a tombstone.
  public var valueSize: Int?

  /// Describes a message.
  public init(
    time: Int,
    change: Change,
    row: String?,
    topic: String,
    partition: Int,
    offset: Int?,
    key: [UInt8]?,
    eventID: String,
    headers: String,
    value: [UInt8]?,
    valueSize: Int?
  ) {
    self.time = time
    self.change = change
    self.row = row
    self.topic = topic
    self.partition = partition
    self.offset = offset
    self.key = key
    self.eventID = eventID
    self.headers = headers
    self.value = value
    self.valueSize = valueSize
  }

  /// The message's key as text.
  public var keyText: String? { key.map { String(decoding: $0, as: UTF8.self) } }

  /// The value as JSON; if its end was not kept, the text of its start.
  var jsonValue: Value {
    guard let value, let valueSize else { return .null }
    let text = String(decoding: value, as: UTF8.self)
    return value.count < valueSize ? .string(text) : Value(json: text)
  }
}
