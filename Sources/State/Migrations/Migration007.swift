extension Migration {
  /// Rows that are missing from the result and not removed yet.
  static let absences = Migration(
    sql: """
      CREATE TABLE absence (
        key BLOB PRIMARY KEY,        -- hash of the row's key, 16 bytes
        since INTEGER NOT NULL,      -- microseconds since 1970
        results INTEGER NOT NULL     -- complete results in a row that lacked it
      ) WITHOUT ROWID;
      """
  )
}
