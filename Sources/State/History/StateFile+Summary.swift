public import Reports

extension StateFile {
  /// Counts what the state holds, without expanding a row.
  ///
  /// Throws a ``StateError`` if the file cannot be read.
  public func summary() throws(StateError) -> StateSummary {
    let rows = try database.integer(
      """
      SELECT coalesce(sum(segment.rows), 0) FROM segment JOIN batch ON batch.number = batch
      WHERE state = 'live'
      """
    )
    let dead = try database.integer("SELECT coalesce(sum(length(kills)) / 8, 0) FROM batch")
    return StateSummary(
      format: try database.integer("PRAGMA user_version"),
      bytes: try database.integer("PRAGMA page_count") * database.integer("PRAGMA page_size"),
      rows: rows - dead,
      deadRows: dead,
      segments: try database.integer("SELECT count(*) FROM segment"),
      preparedBatches: try database.integer("SELECT count(*) FROM batch WHERE state = 'prepared'"),
      isBackfilling: try meta().backfill != nil
    )
  }
}
