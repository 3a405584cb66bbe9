internal import CPostgres

/// libpq.
public enum PostgresLibrary {
  /// The version that this process uses, as in `15.13`.
  public static var version: String {
    let number = Int(PQlibVersion())
    return "\(number / 10_000).\(number % 10_000)"
  }
}
