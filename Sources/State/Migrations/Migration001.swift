extension Migration {
  /// Batches, segments, shapes and the history of runs.
  static let initial = Migration(
    sql: """
      CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;

      CREATE TABLE shape (number INTEGER PRIMARY KEY, columns TEXT NOT NULL);

      -- staged: found by a scan that is not complete; prepared: will be sent, whatever happens;
      -- live: acknowledged, part of the snapshot.
      CREATE TABLE batch (
        number INTEGER PRIMARY KEY,
        state TEXT NOT NULL CHECK (state IN ('staged', 'prepared', 'live')),
        token BLOB NOT NULL,
        shape INTEGER NOT NULL,
        is_backfill INTEGER NOT NULL DEFAULT 0,
        rows INTEGER NOT NULL,
        anchor TEXT,
        changes BLOB,  -- 9 bytes a change; NULL where all are plain additions
        kills BLOB     -- 8 bytes a row that died with this batch
      );

      CREATE TABLE segment (
        number INTEGER PRIMARY KEY,
        batch INTEGER NOT NULL,
        shape INTEGER NOT NULL,
        rows INTEGER NOT NULL,
        entries BLOB NOT NULL
      );
      CREATE INDEX segment_batch ON segment (batch);

      CREATE TABLE records (segment INTEGER PRIMARY KEY, data BLOB NOT NULL);

      CREATE TABLE run (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        command TEXT NOT NULL,
        started_at INTEGER NOT NULL,  -- microseconds since 1970
        finished_at INTEGER,
        outcome TEXT,
        message TEXT,
        counts TEXT
      );

      CREATE TABLE problem (
        run INTEGER NOT NULL,
        kind TEXT NOT NULL,
        change TEXT,
        key TEXT,
        reason TEXT NOT NULL,
        shape INTEGER,
        line BLOB
      );
      CREATE INDEX problem_run ON problem (run);
      """
  )
}
