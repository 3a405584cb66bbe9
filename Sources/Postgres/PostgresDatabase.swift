internal import CPostgres

/// Which database a connection leads to, as far as the server tells.
public struct PostgresDatabase: Sendable, Hashable {
  /// The cluster's identifier, the same on a standby and a physical copy; nil if the role may
  /// not ask or the server has none.
  public var systemIdentifier: String?
  /// The database's name.
  public var name: String
  /// `host:port` as configured, by parameters, environment or service file.
  public var hosts: [String]
  /// Whether the server is a standby, or is being restored.
  public var isInRecovery: Bool
}

extension PostgresReader {
  /// Asks which database this is; outside of the query's transaction.
  ///
  /// What the server refuses to tell is not known; a connection that breaks is an error.
  public func database() throws(PostgresError) -> PostgresDatabase {
    let options = ConnectionOptions(connection.pointer)
    let hosts = options.endpoints.map { endpoint in
      (endpoint.host.isEmpty ? endpoint.hostAddress : endpoint.host)
        + ":" + (endpoint.port.isEmpty ? "5432" : endpoint.port)
    }
    var database = PostgresDatabase(
      name: PQdb(connection.pointer).map { String(cString: $0) } ?? "",
      hosts: hosts.isEmpty ? ["localhost:\(options["port"] ?? "5432")"] : hosts,
      isInRecovery: false
    )
    guard let facts = try told(Self.facts) else { return database }
    if let name = facts[0] { database.name = name }
    database.isInRecovery = facts[1] == "t"
    // The right is checked when a statement starts: it needs one of its own.
    if facts[2] == "t" { database.systemIdentifier = try told(Self.identifier)?[0] }
    return database
  }

  /// The one row of `sql`, nil if the server refuses it.
  private func told(_ sql: String) throws(PostgresError) -> [String?]? {
    do throws(PostgresError) {
      let result = try connection.query(sql, [])
      guard result.rowCount == 1 else { return nil }
      return (0..<Int(PQnfields(result.pointer))).map {
        result.isNull(0, $0) ? nil : result.text(0, $0)
      }
    } catch {
      if error.code == .query { return nil }
      throw error
    }
  }

  private static let facts = """
    SELECT pg_catalog.current_database(), pg_catalog.pg_is_in_recovery(),
      pg_catalog.has_function_privilege(
        pg_catalog.to_regprocedure('pg_catalog.pg_control_system()')::pg_catalog.oid, 'EXECUTE')
    """
  private static let identifier =
    "SELECT system_identifier FROM pg_catalog.pg_control_system()"
}
