extension Migration {
  /// What made the messages of rows.
  static let messageSettings = Migration(
    sql: """
      -- What messages are made with, as JSON, each text once; texts that no row needs are deleted.
      CREATE TABLE message_settings (number INTEGER PRIMARY KEY, data TEXT NOT NULL UNIQUE);

      -- 8 bytes for each run of rows: how many, and the number of the settings that made their last
      -- message (0: they had none; 2^32 - 1: nobody knows). NULL: nobody knows it of any row.
      ALTER TABLE segment ADD COLUMN settings BLOB;

      -- The hash of the settings is made otherwise now: an old one would say that they changed.
      DELETE FROM meta WHERE name = 'settings_hash';
      """
  )
}
