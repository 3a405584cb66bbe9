/// A kind of type whose text is not JSON although its values have parts.
public struct TypeFamily: Sendable, Hashable {
  /// What its values are made of.
  public enum Kind: String, Sendable, Hashable {
    /// The columns of a row.
    case composite
    /// Two bounds.
    case range
    /// Ranges.
    case multirange
    /// Keys and texts, of the extension of this name.
    case hstore
  }

  /// What its values, or the elements of its arrays, are made of.
  public var kind: Kind
  /// Whether it is an array of such.
  public var isArray: Bool

  // Domains are what they are over; a type that is not found has no row.
  static let query = """
    WITH RECURSIVE base(name, oid, is_array) AS (
      SELECT n, pg_catalog.to_regtype(n)::pg_catalog.oid, false
      FROM pg_catalog.unnest($1::pg_catalog.text[]) n
      UNION ALL
      SELECT base.name, CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.typelem END,
        base.is_array OR t.typtype <> 'd'
      FROM base JOIN pg_catalog.pg_type t ON t.oid = base.oid
      WHERE t.typtype = 'd' OR t.typcategory = 'A' AND t.typelem <> 0
    )
    SELECT base.name, base.is_array,
      CASE WHEN t.typname = 'hstore' THEN 'hstore' WHEN t.typtype = 'r' THEN 'range'
        WHEN t.typtype = 'm' THEN 'multirange' ELSE 'composite' END
    FROM base JOIN pg_catalog.pg_type t ON t.oid = base.oid
    WHERE t.typtype IN ('c', 'r', 'm') OR t.typname IN ('hstore', 'record')
    """

  /// `names` as an array of Postgres.
  static func list(_ names: [String]) -> String {
    let quoted = names.map { name in
      let escaped = name.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] }
      return "\"\(String(escaped))\""
    }
    return "{\(quoted.joined(separator: ","))}"
  }
}
