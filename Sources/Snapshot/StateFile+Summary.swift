internal import SQLite

extension StateFile {
  /// What a state holds, in numbers.
  public struct Summary: Sendable, Hashable {
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
  }

  /// Counts what the state holds, without expanding a row.
  public func summary() throws -> Summary {
    try perform {
      let rows = try number(
        """
        SELECT coalesce(sum(segment.rows), 0) FROM segment JOIN batch ON batch.number = batch
        WHERE state = 'live'
        """
      )
      let dead = try number("SELECT coalesce(sum(length(kills)) / 8, 0) FROM batch")
      return Summary(
        format: try number("PRAGMA user_version"),
        bytes: try number("PRAGMA page_count") * number("PRAGMA page_size"),
        rows: rows - dead,
        deadRows: dead,
        segments: try number("SELECT count(*) FROM segment"),
        preparedBatches: try number("SELECT count(*) FROM batch WHERE state = 'prepared'"),
        isBackfilling: try value(.backfill) != nil
      )
    }
  }

  private func number(_ sql: String) throws -> Int {
    let statement = try connection.prepare(sql)
    _ = try statement.step()
    return statement.integer(0)
  }
}
