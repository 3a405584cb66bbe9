/// An error reported by libpq or by the server.
public struct PostgresError: Error, Hashable, CustomStringConvertible {
  /// What kind of trouble it is.
  public enum Code: Sendable, Hashable {
    /// No connection, or it broke.
    case connection
    /// The server refused the login.
    case login
    /// The server refused the query, or it failed while running.
    case query
    /// The query was cancelled, by us, by somebody else or by a timeout.
    case cancelled
    /// The query cannot be a model: several statements, no columns, parameters.
    case unsuitable
  }

  /// What kind of trouble it is.
  public let code: Code
  /// SQLSTATE, where the server gave one.
  public let sqlState: String?
  /// What the server or libpq said, on one line.
  public let message: String
  /// The server's detail.
  public let detail: String?
  /// The server's hint.
  public let hint: String?
  /// Where in the query, in characters from 0; nil if the server does not say.
  public let position: Int?

  /// `postgres: `, the message and the SQLSTATE.
  public var description: String {
    "postgres: " + message + (sqlState.map { " (\($0))" } ?? "")
  }

  init(
    code: Code,
    sqlState: String? = nil,
    message: String,
    detail: String? = nil,
    hint: String? = nil,
    position: Int? = nil
  ) {
    self.code = code
    self.sqlState = sqlState
    self.message = message
    self.detail = detail
    self.hint = hint
    self.position = position
  }
}
