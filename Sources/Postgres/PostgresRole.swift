/// Who a connection is, and what it could do.
public struct PostgresRole: Sendable, Hashable {
  /// The role's name.
  public var name: String
  /// Server, database and version, for humans.
  public var server: String
  /// Whether nothing is forbidden to it.
  public var isSuperuser: Bool
  /// How many tables outside the system's own it may change.
  public var writableTables: Int
}

extension PostgresReader {
  /// Who is logged in; asks the catalogue outside of the query's transaction.
  ///
  /// Throws if the server does not answer.
  public func role() throws(PostgresError) -> PostgresRole {
    let result = try connection.query(Self.question, [])
    return PostgresRole(
      name: result.text(0, 0),
      server: "\(identity), PostgreSQL \(result.text(0, 1))",
      isSuperuser: result.text(0, 2) == "t",
      writableTables: Int(result.text(0, 3)) ?? 0
    )
  }

  private static let question = """
    SELECT current_user, pg_catalog.current_setting('server_version'),
      (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user),
      (SELECT count(*) FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_'
          AND n.nspname <> 'information_schema'
          AND pg_catalog.has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE'))
    """
}
