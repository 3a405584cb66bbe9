internal import SQLite

public import Reports

extension StateFile {
  /// Counts what the state holds, without expanding a row.
  public func summary() throws -> StateSummary {
    try perform {
      let rows = try number(
        """
        SELECT coalesce(sum(segment.rows), 0) FROM segment JOIN batch ON batch.number = batch
        WHERE state = 'live'
        """
      )
      let dead = try number("SELECT coalesce(sum(length(kills)) / 8, 0) FROM batch")
      return StateSummary(
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
