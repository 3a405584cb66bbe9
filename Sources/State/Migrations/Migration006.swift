extension Migration {
  /// How many rows of each run were not delivered, by reason.
  static let problemGroups = Migration(
    sql: """
      -- All rows are counted here; `problem` keeps the first of them.
      CREATE TABLE problem_group (
        run INTEGER NOT NULL,
        kind TEXT NOT NULL,
        reason TEXT NOT NULL,
        rows INTEGER NOT NULL,
        first TEXT                   -- key of the first row; NULL if it has none
      );
      CREATE INDEX problem_group_run ON problem_group (run);

      -- What differs from row to row under one reason.
      ALTER TABLE problem ADD COLUMN detail TEXT;
      """
  )
}
