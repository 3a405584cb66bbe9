internal import Rows

/// What a composer made of the rows of a batch, except for the messages, which are in an envelope.
public struct Composition: Sendable {
  /// Where one message goes.
  public struct Placement: Sendable {
    /// The place.
    public var place: Place
    /// Whether a null value goes there, which removes what the place holds.
    public var isNullValue: Bool
  }

  /// How many of the messages are the rows' own; after them come the null values for the places
  /// that rows leave.
  public internal(set) var ownCount = 0
  /// For each message the position of its change; a row that leaves a place has two messages.
  public internal(set) var positions: [Int32] = []
  /// For each message where it goes, if the composer is asked for it; nil for one without a key.
  public internal(set) var placements: [Placement?] = []
  /// Bytes of all messages.
  public internal(set) var byteCount = 0
  /// Rows that cannot be messages, by position.
  public internal(set) var rejected: [(position: Int32, rejection: Rejection)] = []
  /// Rows whose topic does not exist, by position.
  public internal(set) var unknownTopics: [(position: Int32, topic: String)] = []
  /// Partitions that were asked for and are none: such a row goes where its key says.
  public internal(set) var ignoredPartitions = 0
  /// Rows whose topic, partition or key is another than that of their old values.
  public internal(set) var moved = 0

  /// Null values of the rows composed until now, with the positions of their rows.
  var nullValues: [(message: Envelope.Message, position: Int32)] = []

  /// How many messages there are.
  public var messageCount: Int { positions.count }

  /// Makes rows whose topic does not exist rejected ones, each for the reason that `reason` gives for
  /// its topic.
  public mutating func rejectUnknownTopics(_ reason: (String) -> Rejection) {
    if unknownTopics.isEmpty { return }
    rejected = unknownTopics.map { ($0.position, reason($0.topic)) } + rejected
    unknownTopics = []
  }
}
