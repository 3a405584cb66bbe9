public import Values

/// A backup that takes the place of a state, and what that means for the next run.
public struct StateRestoreReport: CommandReport {
  /// Name of the sync.
  public var sync: String?
  /// Path of the backup.
  public var file: String?
  /// Whether the backup is in place.
  public var isRestored = false
  /// Rows of the backup.
  public var rows: Int?
  /// When the last run of the backup ended, in microseconds since 1970; nil if none did.
  public var takenAt: Int?
  /// Whether the present state is a later one of the backup; nil if there is no readable one.
  public var isSameState: Bool?
  /// Runs of the present state that the backup does not know; nil if that cannot be told.
  public var runsSince: Int?
  /// Messages that they sent.
  public var messagesSince: Int?
  /// Rows that were added, changed and removed since; nil if that cannot be told.
  public var added: Int?
  /// Rows that changed since.
  public var changed: Int?
  /// Rows that were removed since.
  public var removed: Int?
  /// Batches of the backup that wait to be sent.
  public var preparedBatches: Int?
  /// Whether Kafka's transactions know more than the backup.
  public var isTransactional = false
  /// Where a damaged state was moved to.
  public var movedTo: String?

  /// Nothing is known.
  public init() {}

  /// The members of the document.
  public var members: [(String, Value)] {
    [
      ("sync", .optional(sync)), ("file", .optional(file)), ("restored", .bool(isRestored)),
      ("rows", .optional(rows)),
      ("taken_at", .optional(takenAt.map { ReportTime.utc(microseconds: $0) })),
      ("same_state", .optional(isSameState)), ("runs_since", .optional(runsSince)),
      ("messages_since", .optional(messagesSince)), ("added_since", .optional(added)),
      ("changed_since", .optional(changed)), ("removed_since", .optional(removed)),
      ("prepared_batches", .optional(preparedBatches)), ("moved_to", .optional(movedTo)),
    ]
  }
}
