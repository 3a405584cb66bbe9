public import Messages
public import Settings
public import Values

/// One row all the way: what it holds, what is remembered of it, and the message it would leave.
public struct InspectReport: Sendable {
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
    /// Partition; nil where only sending decides, or where the topic's partitions are not known.
    public var partition: Int?
    /// Why it is this partition.
    public var partitionReason: String
    /// Key, nil for none.
    public var key: String?
    /// Headers in order.
    public var headers: [(name: String, value: String)]
    /// Value, nil for a tombstone.
    public var value: String?
    /// Bytes of the value.
    public var valueBytes: Int
  }

  /// Name of the sync.
  public var sync: String
  /// Primary key of the row, columns separated by commas; what was asked for where there is none.
  public var key: String?
  /// What the next run would do with it.
  public var verdict: Verdict
  /// Why, in a sentence.
  public var reason: String
  /// What happens to the row, or would for the message that is shown.
  public var change: Change?
  /// The row in the result; empty where it is gone.
  public var columns: [RowText.Column] = []
  /// The row as the snapshot holds it; empty where it does not.
  public var snapshot: [RowText.Column] = []
  /// What templates see.
  public var variables: [(name: String, value: Value)] = []
  /// The null value for the place that the row leaves, which goes before its message.
  public var move: Message?
  /// The message, nil where there can be none.
  public var message: Message?
  /// What else is to be known.
  public var notes: [String] = []
  /// What to do next, nil when the reason says it.
  public var hint: String?
  /// What went wrong while looking.
  public var error: RunError?
}
