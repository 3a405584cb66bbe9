internal import Postgres

/// What to do about an error of Postgres.
///
/// The server's code decides where it gives one. While connecting libpq hands on the text alone.
enum PostgresAdvice {
  static func hint(for error: PostgresError) -> String? {
    if let state = error.sqlState, let hint = hint(forState: state, error.message) { return hint }
    switch error.code {
    case .connection, .login: return connecting(error.message)
    case .cancelled: return nil
    case .unsuitable: return "a model is one SELECT, WITH, VALUES or TABLE statement"
    case .query: return nil
    }
  }

  private static func hint(forState state: String, _ message: String) -> String? {
    switch state {
    case "25006": "a model may only read"
    case "55P03":
      "another session holds a lock on a table of the model: run again when it is done, or raise "
        + "`session: {lock_timeout: …}` of the source (1min unless it says otherwise)"
    case "57014":
      message.contains("statement timeout")
        ? "raise `session: {statement_timeout: …}` of the source"
        : "somebody cancelled the query: run again"
    case "25P03": idle
    case "57P05": "the server ends idle sessions: raise its idle_session_timeout for this role"
    case "40001":
      message.contains("conflict with recovery")
        ? "a standby cancels long queries: raise its max_standby_streaming_delay, set "
          + "hot_standby_feedback, or read from the primary" : "run again"
    case "42501": "grant the role the right to read: GRANT SELECT ON … TO …"
    case "57P01", "57P02", "57P03": "the server is being stopped or started: run again later"
    case "53300": tooMany
    default: nil
    }
  }

  private static let idle =
    "the server ends idle transactions: write `session: {idle_in_transaction_session_timeout: 0}` "
    + "at the source"

  private static let tooMany =
    "the server has no connection left: close others, raise max_connections, or use a pooler; "
    + "`--jobs` is how many Sluice opens at once"

  /// What libpq or the server says while a connection is made, and the advice for it.
  private static let causes: [(text: String, advice: String)] = [
    (
      "password authentication failed",
      "the password is wrong, or the role: check both; in a url @ : / # % of the password must be "
        + "percent-encoded"
    ),
    (
      "no password supplied",
      "the server wants a password: write it in the url or as `password: ${…}`; cron does not have "
        + "your PGPASSWORD"
    ),
    ("no pg_hba.conf entry", hostBased),
    ("pg_hba.conf rejects connection", hostBased),
    (
      "role \"",
      "check the user in front of the '@', or `user:`; `psql -c '\\du'` lists the roles"
    ),
    (
      "database \"",
      "check the database's name after the host's '/', or `dbname:`; `psql -l` lists the databases"
    ),
    (
      "server does not support SSL",
      "the server speaks no TLS: write sslmode=disable if the network is to be trusted, or turn "
        + "`ssl` on at the server"
    ),
    (
      "certificate verify failed",
      "the server's certificate is not signed by an authority that is known here: name it with "
        + "`sslrootcert: FILE`"
    ),
    (
      "does not match host name",
      "connect by a name that stands in the server's certificate, or write sslmode=verify-ca"
    ),
    (
      "root certificate file",
      "name the authority's file with `sslrootcert: FILE`, or write `system`"
    ),
    ("could not load private key file", "check `sslkey:`, its rights (0600) and `sslpassword:`"),
    ("could not read certificate file", "check `sslcert:`"),
    ("private key file", "the key must be readable by its owner only: chmod 600"),
    // The server closes the connection as it says so: libpq then gives no code.
    ("idle-in-transaction timeout", idle),
    ("too many", tooMany),
    ("remaining connection slots are reserved", tooMany),
    ("could not translate host name", "check the host's name; does this machine resolve it?"),
    ("starting up", "the server is being started: run again later"),
    ("shutting down", "the server is being stopped: run again later"),
    ("is not accepting connections", "the server does not take connections now: run again later"),
    (
      "permission denied for database", "grant the role the right: GRANT CONNECT ON DATABASE … TO …"
    ),
    (
      "definition of service",
      "check `service:`, PGSERVICEFILE and ~/.pg_service.conf; cron may have another HOME"
    ),
    (
      "session is read-only",
      "the server is a standby and `target_session_attrs` asks for another: Sluice only reads, so "
        + "leave it out"
    ),
  ]

  private static let hostBased =
    "the server's pg_hba.conf has no line for this host, user and database, with or without TLS as "
    + "the message says (sslmode=require asks for TLS)"

  private static func connecting(_ message: String) -> String {
    causes.first { message.contains($0.text) }?.advice
      ?? "is the server up, and host and port right? try `psql` with the same url"
  }
}
