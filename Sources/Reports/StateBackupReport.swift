public import Values

/// A backup of a state.
public struct StateBackupReport: CommandReport {
  /// Name of the sync.
  public var sync: String?
  /// Path of the backup.
  public var file: String?
  /// What it holds, in numbers.
  public var summary: StateSummary?

  /// Nothing was written.
  public init() {}

  /// The members of the document.
  public var members: [(String, Value)] {
    [
      ("sync", .optional(sync)), ("file", .optional(file)), ("bytes", .optional(summary?.bytes)),
      ("rows", .optional(summary?.rows)),
      ("prepared_batches", .optional(summary?.preparedBatches)),
    ]
  }
}
