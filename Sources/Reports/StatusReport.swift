public import Values

/// What a sync remembers and how its last run ended.
public struct StatusReport: SyncReport {
  /// Name of the sync.
  public var sync: String
  /// When it runs, as cron writes it; nil if it runs only when asked.
  public var schedule: String?
  /// What its state holds, nil without one.
  public var summary: StateSummary?
  /// The last run, nil before the first.
  public var lastRun: RunRecord?
  /// When the last run that was complete ended, in microseconds since 1970; nil if none was.
  public var lastSuccess: Int?
  /// Why the state cannot be read.
  public var error: RunError?

  /// Nothing is remembered yet.
  public init(sync: String, schedule: String?) {
    self.sync = sync
    self.schedule = schedule
  }

  /// The entry of the document's list `syncs`.
  public var json: Value {
    .object([
      ("sync", .string(sync)), ("rows", .optional(summary?.rows)),
      ("prepared_batches", .optional(summary?.preparedBatches)),
      ("backfill_unfinished", .optional(summary?.isBackfilling)),
      ("schedule", .optional(schedule)), ("last_run", lastRun?.json ?? .null),
      ("last_success_at", .optional(lastSuccess.map { ReportTime.utc(microseconds: $0) })),
      ("error", error?.json ?? .null),
    ])
  }
}

/// What a state holds, in numbers.
public struct StateSummary: Sendable, Hashable {
  /// Version of the format.
  public var format: Int
  /// Size of the file without its log, in bytes.
  public var bytes: Int
  /// Rows that count as delivered.
  public var rows: Int
  /// Rows that are superseded and not yet tidied away.
  public var deadRows: Int
  /// Segments.
  public var segments: Int
  /// Batches that wait to be sent.
  public var preparedBatches: Int
  /// Whether a backfill was interrupted.
  public var isBackfilling: Bool

  /// Counts what a state holds.
  public init(
    format: Int,
    bytes: Int,
    rows: Int,
    deadRows: Int,
    segments: Int,
    preparedBatches: Int,
    isBackfilling: Bool
  ) {
    self.format = format
    self.bytes = bytes
    self.rows = rows
    self.deadRows = deadRows
    self.segments = segments
    self.preparedBatches = preparedBatches
    self.isBackfilling = isBackfilling
  }
}
