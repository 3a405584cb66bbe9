extension Migration {
  /// What a destination refused, where rows that move went, and how many partitions topics had.
  static let refusals = Migration(
    sql: """
      -- Rows that the destination refused when they were last tried: 16 bytes of hash of the key,
      -- and the batch that they were in. They are tried again after all others.
      CREATE TABLE refused (key BLOB PRIMARY KEY, batch INTEGER NOT NULL) WITHOUT ROWID;

      -- is_retry: rows that were refused before, apart from the others. `places`: 16 bytes for each
      -- message that stands in a topic, of a run in which rows move; NULL when that run is over.
      ALTER TABLE batch ADD COLUMN is_retry INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE batch ADD COLUMN places BLOB;

      CREATE TABLE topic_partitions (
        name TEXT PRIMARY KEY, count INTEGER NOT NULL
      ) WITHOUT ROWID;
      """
  )
}
