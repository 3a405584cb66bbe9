extension Migration {
  /// The topics that were sent to, to find out when one was deleted and made again.
  static let topics = Migration(
    sql: """
      CREATE TABLE topic (name TEXT PRIMARY KEY, id TEXT NOT NULL) WITHOUT ROWID;
      """
  )
}
