public import Rows

/// What a composer made of a batch.
public final class ComposedBatch {
  /// The messages: the rows' own first, then the null values for the places that rows leave.
  public let messages: MessageBatch
  /// How many of the messages are the rows' own.
  public internal(set) var ownCount = 0
  /// For each message the position of its change; a row that leaves a place has two.
  public internal(set) var positions: [Int32] = []
  /// For each message its place, if the composer is asked for them; nil for one without a key.
  public internal(set) var places: [Place?] = []
  /// Rows that cannot be messages, by position.
  public internal(set) var rejected: [(position: Int32, rejection: Rejection)] = []
  /// Rows whose topic does not exist, by position.
  public internal(set) var unknownTopics: [(position: Int32, topic: String)] = []
  /// Partitions that were asked for and are none: such a row goes where its key says.
  public internal(set) var ignoredPartitions = 0

  /// Rows whose topic, partition or key is another than that of their old values.
  public internal(set) var moved = 0

  /// Creates an empty batch around `messages`.
  public init(_ messages: MessageBatch = MessageBatch()) {
    self.messages = messages
  }

  /// Null values of the rows composed until now.
  var nullValues: [MessageBatch.Message] = []
  /// The positions of their rows.
  var nullPositions: [Int32] = []

  func removeAll() {
    messages.removeAll()
    ownCount = 0
    places.removeAll(keepingCapacity: true)
    nullValues = []
    nullPositions = []
    positions.removeAll(keepingCapacity: true)
    rejected = []
    unknownTopics = []
    ignoredPartitions = 0
    moved = 0
  }
}

// Handed over, never shared: the composer fills it, the sink takes it.
extension ComposedBatch: @unchecked Sendable {}
