extension Migration {
  /// Batches of a pinned plan bring their messages along.
  static let pins = Migration(
    sql: """
      -- The messages of a prepared batch as they were pinned, compressed; gone when it is live.
      CREATE TABLE pinned (batch INTEGER PRIMARY KEY, data BLOB NOT NULL);

      -- Plans that were applied, each once, and the run that brought their batches.
      CREATE TABLE applied_plan (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        run TEXT NOT NULL,
        time INTEGER NOT NULL  -- microseconds since 1970
      );
      """
  )
}
