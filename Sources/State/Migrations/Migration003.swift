extension Migration {
  /// The last messages that a sync sent.
  static let messages = Migration(
    sql: """
      CREATE TABLE message (
        number INTEGER PRIMARY KEY,
        run INTEGER NOT NULL,
        time INTEGER NOT NULL,       -- microseconds since 1970
        change TEXT NOT NULL,
        row TEXT,                    -- primary key, columns separated by commas
        topic TEXT NOT NULL,
        partition INTEGER NOT NULL,
        offset INTEGER,              -- NULL where the broker told none
        key BLOB,
        event_id TEXT NOT NULL,
        headers TEXT NOT NULL,       -- JSON object
        value BLOB,                  -- its first 4 KiB
        value_size INTEGER           -- bytes of the whole value; NULL for a tombstone
      );
      CREATE INDEX message_run ON message (run);
      """
  )
}
