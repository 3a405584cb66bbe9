extension Migration {
  /// Records column by column.
  static let columns = Migration(
    sql: """
      -- How many columns the frame of a segment's records holds, one after the other; 1: whole lines.
      ALTER TABLE records ADD COLUMN columns INTEGER NOT NULL DEFAULT 1;
      """
  )
}
