/// The tables of the file of alerts; times are in microseconds since 1970.
enum AlertTables {
  static let sql = """
    CREATE TABLE sync (
      name TEXT PRIMARY KEY, first_seen INTEGER NOT NULL, first_attempt INTEGER,
      last_success INTEGER
    ) WITHOUT ROWID;
    CREATE TABLE incident (
      number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, rule TEXT NOT NULL,
      system TEXT NOT NULL, code TEXT NOT NULL, opened_at INTEGER NOT NULL,
      opening TEXT NOT NULL, opener TEXT NOT NULL, everyone TEXT NOT NULL,
      sequence INTEGER NOT NULL
    );
    CREATE TABLE member (
      number INTEGER PRIMARY KEY, incident TEXT NOT NULL, sync TEXT NOT NULL,
      since INTEGER NOT NULL, finding TEXT NOT NULL, muted TEXT NOT NULL
    );
    CREATE TABLE severity (
      incident TEXT NOT NULL, sync TEXT NOT NULL, channel TEXT NOT NULL, severity TEXT NOT NULL,
      PRIMARY KEY (incident, sync, channel)
    ) WITHOUT ROWID;
    CREATE TABLE told (
      incident TEXT NOT NULL, channel TEXT NOT NULL, severity TEXT NOT NULL,
      PRIMARY KEY (incident, channel)
    ) WITHOUT ROWID;
    CREATE TABLE notification (
      number INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, body TEXT NOT NULL,
      since INTEGER NOT NULL, at INTEGER NOT NULL, claimed_until INTEGER NOT NULL DEFAULT 0,
      attempts INTEGER NOT NULL DEFAULT 0, error TEXT, reached TEXT NOT NULL DEFAULT '[]'
    );
    """
}
