import Spelling

/// Checks one keyword of libpq out of a connection string.
enum ConnectionParameter {
  typealias Failure = ConnectionString.Failure

  /// Parameters that other programs put into their urls, and what to do about each.
  private static let foreign: [String: String] = [
    "pool": "remove it: Sluice opens one connection a run",
    "pool_size": "remove it: Sluice opens one connection a run",
    "pool_timeout": "remove it: Sluice opens one connection a run",
    "max_overflow": "remove it: Sluice opens one connection a run",
    "connection_limit": "remove it: Sluice opens one connection a run",
    "pgbouncer": "remove it: this is a parameter of Prisma",
    "schema": "remove it, and write 'session: {search_path: …}'",
    "currentschema": "remove it, and write 'session: {search_path: …}'",
    "search_path": "remove it, and write 'session: {search_path: …}'",
    "statement_timeout": "remove it, and write 'session: {statement_timeout: …}'",
    "lock_timeout": "remove it, and write 'session: {lock_timeout: …}'",
    "timezone": "remove it: Sluice reads times in UTC",
    "encoding": "remove it: Sluice reads UTF-8",
    "charset": "remove it: Sluice reads UTF-8",
    "client_encoding": "remove it: Sluice reads UTF-8",
    "sslaccept": "write sslmode=require or verify-full",
    "tls": "write sslmode=require or verify-full",
    "usessl": "write sslmode=require or verify-full",
    "username": "write 'user'",
    "database": "write 'dbname'",
    "server": "write 'host'",
    "timeout": "write 'connect_timeout'",
    "serverversion": "remove it: this is a parameter of Doctrine",
  ]

  /// The keyword and its value; `place` stands for a name that must not be shown.
  static func checked(
    _ name: String,
    _ value: String,
    isInURI: Bool = false,
    place: String? = nil
  ) throws(Failure) -> ConnectionString.Parameter {
    if isInURI, name == "ssl" {
      guard value == "true" else { throw unknown(name, isInURI: true, place: nil) }
      return ("sslmode", "require")
    }
    if name == "client_encoding", value.lowercased().filter({ $0 != "-" }) == "utf8" {
      return (name, "UTF8")
    }
    guard PostgresKeywords.all.contains(name) else {
      throw unknown(name, isInURI: isInURI, place: place)
    }
    if let expected = PostgresKeywords.expected(of: name, for: value) {
      throw Failure(
        message: "the \(name) in it is not \(expected)",
        hint: name == "port" || name == "host" ? ConnectionString.encodeHint : nil
      )
    }
    return (name, value)
  }

  private static func unknown(_ name: String, isInURI: Bool, place: String?) -> Failure {
    if let hint = foreign[name.lowercased()] {
      return Failure(message: "Postgres does not know the parameter '\(name)'", hint: hint)
    }
    let nearest = Spelling.nearest(to: name, among: PostgresKeywords.all)
    let question = nearest.map { "did you mean '\($0)'?" }
    if let place {
      return Failure(
        message: "the \(place) setting of the key=value string is not a keyword of Postgres",
        hint: question ?? "put a value with blanks in single quotes: password='…'"
      )
    }
    let isName =
      name.utf8.count <= 40 && name.utf8.allSatisfy { $0 == 95 || (97...122).contains($0 | 32) }
    return Failure(
      message: isName && isInURI
        ? "Postgres does not know the parameter '\(name)'"
        : "Postgres does not know a parameter of the url",
      hint: question ?? "remove it; libpq's keywords are allowed after the '?'"
    )
  }
}
