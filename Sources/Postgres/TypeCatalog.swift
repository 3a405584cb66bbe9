internal import CPostgres

internal import Rows

/// Finds what the columns of a prepared query mean.
enum TypeCatalog {
  /// A column as the server describes it.
  struct Described {
    var name: String
    var type: Oid
  }

  static func columns(
    _ described: [Described],
    _ connection: borrowing ConnectionHandle
  ) throws(PostgresError) -> [Shape.Column] {
    let types = try lookUp(Set(described.map(\.type)), connection)
    return described.map { column in
      Shape.Column(name: column.name, type: types[column.type] ?? ColumnType(.text))
    }
  }

  /// One round trip for all types: names, and for arrays the element's base type and delimiter.
  private static func lookUp(
    _ types: Set<Oid>,
    _ connection: borrowing ConnectionHandle
  ) throws(PostgresError) -> [Oid: ColumnType] {
    let list = "{" + types.sorted().map(String.init).joined(separator: ",") + "}"
    let result = try connection.query(catalogQuery, [list])
    var found: [Oid: ColumnType] = [:]
    for row in 0..<result.rowCount {
      let type = Oid(result.text(row, 0)) ?? 0
      let element = result.isNull(row, 2) ? nil : Oid(result.text(row, 2))
      found[type] = ColumnType(
        kind(of: element ?? type),
        arrayDelimiter: element == nil ? nil : result.text(row, 3).utf8.first,
        declared: result.text(row, 1)
      )
    }
    return found
  }

  // A real array is what its element type names as its array: int2vector and oidvector are none.
  // Elements of a domain are written as those of the domain's base type.
  private static let catalogQuery = """
    WITH RECURSIVE element(type, oid, delimiter) AS (
      SELECT a.oid, e.oid, e.typdelim
      FROM pg_catalog.pg_type a JOIN pg_catalog.pg_type e ON e.typarray = a.oid
      WHERE a.oid = ANY ($1::pg_catalog.oid[])
      UNION ALL
      SELECT element.type, d.typbasetype, element.delimiter
      FROM element JOIN pg_catalog.pg_type d ON d.oid = element.oid AND d.typtype = 'd'
    )
    SELECT t.oid, pg_catalog.format_type(t.oid, NULL), element.oid, element.delimiter
    FROM pg_catalog.pg_type t
    LEFT JOIN element ON element.type = t.oid
      AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_type d WHERE d.oid = element.oid AND d.typtype = 'd')
    WHERE t.oid = ANY ($1::pg_catalog.oid[])
    """

  /// The meaning of a built-in type; its numbers are fixed (`pg_type.dat`).
  private static func kind(of type: Oid) -> ColumnType.Kind {
    switch type {
    case 16: .boolean
    case 17: .bytes
    case 20, 21, 23, 26: .integer
    case 700, 701: .float
    case 1700: .numeric
    case 114, 3802: .json
    case 1082: .date
    case 1114: .timestamp
    case 1184: .timestampWithZone
    default: .text
    }
  }
}
