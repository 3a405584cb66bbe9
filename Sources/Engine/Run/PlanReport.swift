public import Settings
public import Snapshot

/// What a run would do.
public struct PlanReport: Sendable {
  /// One change, with the message that it would leave.
  public struct Sample: Sendable {
    /// What happened to the row.
    public var change: Change
    /// Its key.
    public var key: String
    /// The columns that differ: name, old and new JSON; nil where there is none.
    public var columns: [(name: String, old: String?, new: String?)]
    /// The message; nil where the row would be rejected or the trigger is not selected.
    public var message: Message?
    /// Why it would be rejected.
    public var rejection: String?
  }

  /// A message, without the id that only sending gives it.
  public struct Message: Sendable {
    /// Topic.
    public var topic: String
    /// Partition; nil if only the run decides: without a key, or by an id that is not made yet.
    public var partition: Int?
    /// Key, nil for none.
    public var key: String?
    /// Value, nil for a tombstone.
    public var value: String?
  }

  /// Name of the sync.
  public var sync: String
  /// How the run would end.
  public var outcome: RunReport.Outcome
  /// What it would count.
  public var counts: RunProgress.Counts
  /// The first changes of each kind.
  public var samples: [Sample]
  /// Batches of an earlier run that would be sent first.
  public var preparedBatches: Int
  /// What a reader should know besides.
  public var notes: [String]
  /// The rows that it would not deliver, by reason, most rows first.
  public var problems: [ProblemGroup]
  /// Why the run would stop.
  public var error: RunError?

  /// Whether there is something to send.
  public var hasMessages: Bool {
    preparedBatches > 0 || counts.submitted > 0
  }
}
