extension ErrorKind {
  /// No connection to the database.
  public static let sourceUnreachable = ErrorKind(
    "SL0201",
    "the database cannot be reached",
    meaning: "No connection could be made, or it broke while the query ran. Nothing was removed.",
    cause: "The server is down, a name or port is wrong, a firewall is between, TLS is refused.",
    advice: "`sluice check --connect` says which step fails. The next run tries again."
  )

  /// The database refuses the login.
  public static let sourceLogin = ErrorKind(
    "SL0202",
    "the database refuses the login",
    meaning: "The server is there and does not let this user in.",
    cause: "User, password or database is wrong, or `pg_hba.conf` has no line for this client.",
    advice: "`sluice check` says where each variable came from; try the same URL with `psql`."
  )

  /// The database refuses the query.
  public static let refusedQuery = ErrorKind(
    "SL0203",
    "the database refuses the query",
    meaning:
      "The model's SQL is wrong, names something that is not there, or this user may not read it.",
    cause: "A table or column was renamed, `search_path` differs, a right is missing.",
    advice:
      "Run the model with `psql -f models/NAME.sql` as the same user; grant SELECT where it lacks."
  )

  /// The query failed while it ran.
  public static let failedQuery = ErrorKind(
    "SL0204",
    "the query failed while it ran",
    meaning: "The database began to answer and then met an error. Nothing was removed.",
    cause: "A value cannot be cast, a division is by zero, a conflict with recovery.",
    advice: "Run the model by hand to the end; make the expression safe for every row."
  )

  /// The query was cancelled.
  public static let cancelledQuery = ErrorKind(
    "SL0205",
    "the query was cancelled",
    meaning: "The server stopped the query, by a timeout or because somebody asked for it.",
    cause: "`statement_timeout` or `lock_timeout` is over, or an administrator cancelled it.",
    advice: "Make the query faster, or raise `session: {statement_timeout: …}` of the source."
  )

  /// The query cannot be a model.
  public static let unsuitableQuery = ErrorKind(
    "SL0206",
    "the query cannot be read as a model",
    meaning: "The database accepts the statement, but it gives no rows that Sluice can read.",
    cause: "It has several statements, parameters, or no columns.",
    advice: "Write one SELECT, WITH, VALUES or TABLE statement."
  )

  /// The server cannot work.
  public static let sourceTrouble = ErrorKind(
    "SL0207",
    "the database server is in trouble",
    meaning: "The server itself cannot do its work; every model of it meets the same.",
    cause: "It starts or stops, its disk or memory is full, too many clients are connected.",
    advice: "Look into the server's log. The next run tries again."
  )

  /// Another program holds a lock on the file.
  public static let sourceBusy = ErrorKind(
    "SL0208",
    "another program holds a lock on the database",
    meaning: "The SQLite file was locked for longer than 5 s.",
    cause: "Somebody writes a long transaction, or forgot to end one.",
    advice: "`fuser FILE` says who; WAL mode lets readers in while somebody writes."
  )

  /// The file of the database cannot be opened.
  public static let sourceFile = ErrorKind(
    "SL0209",
    "the database file cannot be opened",
    meaning: "The SQLite file is not there, or may not be read.",
    cause: "The path is relative to the project; WAL mode needs a folder that can be written.",
    advice: "Correct `path`; `immutable: true` reads a file that nobody writes, without locks."
  )

  /// The file of the database is damaged.
  public static let sourceDamaged = ErrorKind(
    "SL0210",
    "the database file is damaged",
    meaning: "The file is not a SQLite database, or some of its pages cannot be read.",
    cause: "Another file stands there, or it was copied while somebody wrote to it.",
    advice:
      "`sqlite3 FILE 'PRAGMA integrity_check'` says more; copy with `sqlite3 FILE '.backup COPY'`."
  )

  /// The database is another one than before.
  public static let anotherDatabase = ErrorKind(
    "SL0211",
    "the source is another database than before",
    meaning: "The state was delivered from another database; to compare would remove and add rows.",
    cause: "A variable of another environment is set, or the database was moved or restored.",
    advice: "`sluice recover SYNC --adopt` continues with it, `sluice reset SYNC` starts over."
  )

  static let sourceKinds = [
    sourceUnreachable, sourceLogin, refusedQuery, failedQuery, cancelledQuery, unsuitableQuery,
    sourceTrouble, sourceBusy, sourceFile, sourceDamaged, anotherDatabase,
  ]
}
