import Text
import Connections
import Settings

/// What a database says of its tables.
struct SourceCatalog {
  /// A table with its columns.
  struct Table {
    let name: TableName
    let columns: [String]
    /// The columns of its primary key, empty if it has none.
    let primaryKey: [String]
  }

  /// A table as the list of tables has it.
  private struct Entry {
    let name: TableName
    /// Whether it is found without its schema.
    let isVisible: Bool
  }

  let settings: SourceSettings

  /// The table that `typed` means; nil if the database has none, with those that it has.
  func table(_ typed: TableName) async throws -> (found: Table?, others: [String]) {
    let entries = try await entries()
    guard let entry = Self.find(typed, among: entries) else {
      return (nil, entries.map { $0.isVisible ? $0.name.name : $0.name.sql })
    }
    var name = entry.name
    if entry.isVisible, typed.schema == nil { name.schema = nil }
    let rows = try await columns(of: entry.name)
    let key = rows.filter { !$0[1].isEmpty }.sorted { (Int($0[1]) ?? 0) < (Int($1[1]) ?? 0) }
    return (Table(name: name, columns: rows.map { $0[0] }, primaryKey: key.map { $0[0] }), [])
  }

  /// The exact name first, then one that differs in case; what needs no schema first.
  private static func find(_ typed: TableName, among entries: [Entry]) -> Entry? {
    let candidates = entries.filter { entry in
      entry.name.name.lowercased() == typed.name.lowercased()
        && (typed.schema.map { $0.lowercased() == entry.name.schema?.lowercased() } ?? true)
    }
    let exact = candidates.filter { $0.name.name == typed.name }
    let best = exact.isEmpty ? candidates : exact
    return best.first(where: \.isVisible) ?? best.first
  }

  private func entries() async throws -> [Entry] {
    let sql =
      isSQLite
      ? "SELECT '', name, '1' FROM sqlite_schema WHERE type IN ('table', 'view')"
        + " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
      : """
      SELECT n.nspname AS schema, c.relname AS name, pg_table_is_visible(c.oid)::int AS visible
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname <> 'information_schema'
        AND n.nspname !~ '^pg_' AND has_table_privilege(c.oid, 'SELECT') ORDER BY 3 DESC, 1, 2
      """
    return try await settings.catalogRows(sql).map { row in
      let schema = row[0].isEmpty ? nil : row[0]
      return Entry(name: TableName(schema: schema, name: row[1]), isVisible: row[2] == "1")
    }
  }

  /// Name and place in the primary key, empty for none, of each column in order.
  private func columns(of table: TableName) async throws -> [[String]] {
    if isSQLite {
      let name = SQLText.literal(table.name)
      return try await settings.catalogRows(
        "SELECT name, CASE WHEN pk > 0 THEN pk ELSE '' END FROM pragma_table_info(\(name))"
          + " ORDER BY cid"
      )
    }
    // Columns that an index only includes are after those of its key.
    return try await settings.catalogRows(
      """
      SELECT a.attname AS name, COALESCE(k.place::text, '') AS place
      FROM pg_attribute a
      JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN (
        SELECT i.indrelid, u.attnum, u.place
        FROM pg_index i, unnest(i.indkey::int2[]) WITH ORDINALITY AS u(attnum, place)
        WHERE i.indisprimary AND u.place <= i.indnkeyatts
      ) k ON k.indrelid = a.attrelid AND k.attnum = a.attnum
      WHERE n.nspname = \(SQLText.literal(table.schema ?? "")) AND c.relname = \(SQLText.literal(table.name))
        AND a.attnum > 0 AND NOT a.attisdropped
      ORDER BY a.attnum
      """
    )
  }

  private var isSQLite: Bool {
    if case .sqlite = settings { true } else { false }
  }
}
