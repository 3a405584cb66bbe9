public import Rows

/// What a composer made of a batch.
public final class ComposedBatch {
  /// The messages.
  public let messages: MessageBatch
  /// For each message the position of its change; a row that moves may have two, its own last.
  public internal(set) var positions: [Int32] = []
  /// Rows that cannot be messages, by position.
  public internal(set) var rejected: [(position: Int32, rejection: Rejection)] = []
  /// Rows whose topic does not exist, by position.
  public internal(set) var unknownTopics: [(position: Int32, topic: String)] = []
  /// Partitions that were asked for and are none: such a row goes where its key says.
  public internal(set) var ignoredPartitions = 0

  /// Changed rows whose topic or key is another than that of their old values.
  public internal(set) var moved = 0

  /// Creates an empty batch around `messages`.
  public init(_ messages: MessageBatch = MessageBatch()) {
    self.messages = messages
  }

  func removeAll() {
    messages.removeAll()
    positions.removeAll(keepingCapacity: true)
    rejected = []
    unknownTopics = []
    ignoredPartitions = 0
    moved = 0
  }
}

// Handed over, never shared: the composer fills it, the sink takes it.
extension ComposedBatch: @unchecked Sendable {}
