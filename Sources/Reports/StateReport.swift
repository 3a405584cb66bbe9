public import Values

/// What one state file holds.
public struct StateReport: CommandReport {
  /// Name of the sync.
  public var sync: String?
  /// Path of the file.
  public var path: String?
  /// What it holds, in numbers.
  public var summary: StateSummary?
  /// Identity of the state.
  public var id: String?
  /// Columns of the primary key.
  public var primaryKey: [String] = []
  /// The cluster that its messages went to.
  public var cluster: String?
  /// The database that its rows came from.
  public var source: String?

  /// Nothing is known.
  public init() {}

  /// The members of the document.
  public var members: [(String, Value)] {
    [
      ("sync", .optional(sync)), ("path", .optional(path)), ("id", .optional(id)),
      ("format", .optional(summary?.format)), ("bytes", .optional(summary?.bytes)),
      ("rows", .optional(summary?.rows)), ("dead_rows", .optional(summary?.deadRows)),
      ("segments", .optional(summary?.segments)),
      ("prepared_batches", .optional(summary?.preparedBatches)),
      ("backfill_unfinished", .optional(summary?.isBackfilling)),
      ("primary_key", .array(primaryKey.map(Value.string))), ("cluster", .optional(cluster)),
      ("source", .optional(source)),
    ]
  }
}
