extension StateFile {
  /// Drops every dead row, merges small segments, and gives the room back to the file system.
  ///
  /// While a batch waits to be sent, or a backfill is not finished, rows stay where they are, and only
  /// free pages are given back. Needs as much free room as the file has.
  /// The caller holds the run lock. Throws a ``StateError`` if the file cannot be written.
  public func compact() throws(StateError) {
    let isWaiting = try !preparedBatches().isEmpty
    let isBackfilling = try meta().backfill != nil
    if !isWaiting && !isBackfilling { try rewriteAllDead() }
    try database.execute("VACUUM")
    try checkpoint()
  }
}
