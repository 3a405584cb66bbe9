public import Settings
public import Values

/// One row all the way: what it holds, what is remembered of it, and the message it would leave.
public struct InspectReport: CommandReport {
  /// What the next run would do with the row.
  public enum Verdict: String, Sendable, Hashable {
    /// A message is sent.
    case send
    /// A message of an interrupted run is sent again first.
    case prepared
    /// Nothing differs.
    case unchanged
    /// Only columns differ that do not count.
    case ignored
    /// The trigger of the change is not selected: the change is remembered.
    case notSelected = "not_selected"
    /// It is missing from the result, and not long enough to be removed.
    case waiting
    /// The row is remembered without a message: the initial sync is skipped, or the model changed.
    case remembered
    /// It cannot be made a message.
    case rejected
    /// Its topic does not exist.
    case unknownTopic = "unknown_topic"
    /// It has no key of its own.
    case invalid
    /// There is no such row.
    case notFound = "not_found"
  }

  /// The message that the row leaves, or would leave.
  public struct Message: Sendable {
    /// Topic.
    public var topic: String
    /// Partition; nil if only sending decides, or where the topic's partitions are not known.
    public var partition: Int?
    /// Why it is this partition.
    public var partitionReason: String
    /// Key, nil for none.
    public var key: String?
    /// Headers in order; values under names that tell of a secret are `***`.
    public var headers: [(name: String, value: String)]
    /// Value, nil for a tombstone.
    public var value: String?
    /// Bytes of the value.
    public var valueBytes: Int

    /// Describes a message.
    public init(
      topic: String,
      partition: Int?,
      partitionReason: String,
      key: String?,
      headers: [(name: String, value: String)],
      value: String?,
      valueBytes: Int
    ) {
      self.topic = topic
      self.partition = partition
      self.partitionReason = partitionReason
      self.key = key
      self.headers = headers
      self.value = value
      self.valueBytes = valueBytes
    }
  }

  /// Name of the sync; empty if that is not known.
  public var sync: String
  /// Primary key of the row as text; what was asked for if there is no such row.
  public var row: String?
  /// What the next run would do with it.
  public var verdict: Verdict
  /// Why, in a sentence.
  public var reason: String
  /// What happens to the row, or would for the message that is shown.
  public var change: Change?
  /// The row in the result; empty if it is gone.
  public var columns: [ColumnReport] = []
  /// The row as the snapshot holds it; empty if it does not.
  public var snapshot: [ColumnReport] = []
  /// What templates see.
  public var variables: [(name: String, value: Value)] = []
  /// The null value for the place that the row leaves, which goes before its message.
  public var move: Message?
  /// The message, nil if there can be none.
  public var message: Message?
  /// What else is to be known.
  public var notes: [String] = []
  /// What to do next, nil when the reason says it.
  public var hint: String?
  /// What went wrong while looking.
  public var error: RunError?

  /// Nothing is found yet of the row that `row` names.
  public init(sync: String, row: String?) {
    self.sync = sync
    self.row = row
    verdict = .notFound
    reason = ""
  }

  /// Nothing is known.
  public init() {
    self.init(sync: "", row: nil)
  }
}

extension InspectReport {
  /// The members of the document; ``error`` is the document's own.
  public var members: [(String, Value)] {
    let isJudged = error == nil && !sync.isEmpty
    return [
      ("sync", .known(sync)), ("row", .optional(row)),
      ("verdict", .optional(isJudged ? verdict.rawValue : nil)), ("reason", .known(reason)),
      ("change", .optional(change?.rawValue)), ("columns", .array(columns.map(\.json))),
      ("snapshot", .array(snapshot.map(\.json))),
      ("variables", .object(variables.map { ($0.name, $0.value) })),
      ("move", move?.json ?? .null), ("message", message?.json ?? .null),
      ("notes", .array(notes.map(Value.string))), ("hint", .optional(hint)),
    ]
  }
}

extension InspectReport.Message {
  fileprivate var json: Value {
    .object([
      ("topic", .string(topic)), ("partition", .optional(partition)),
      ("partition_reason", .string(partitionReason)), ("key", .optional(key)),
      ("headers", .object(headers.map { ($0.name, .string($0.value)) })),
      ("value", value.map(Value.init(json:)) ?? .null), ("value_bytes", .integer(valueBytes)),
    ])
  }
}
