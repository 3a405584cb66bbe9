internal import Sync
internal import Postgres
internal import Rows

/// Finds columns that arrive as the database's text, and says what to write to get JSON.
enum TextTypes {
  /// A sentence a column, as in `attrs is hstore, which is sent as text; …`.
  ///
  /// `families` are the types of Postgres whose values have parts, by name.
  static func advice(on shape: Shape, _ families: [String: TypeFamily]) -> [String] {
    shape.columns.compactMap { column in
      guard isText(column.type), let family = families[column.type.declared],
        let form = form(family, column.name)
      else { return nil }
      return "\(column.name) is \(column.type.declared), which is sent as text; \(form)"
    }
  }

  /// The names of the types that are sent as text, or as arrays of text.
  static func names(in shape: Shape) -> [String] {
    Set(shape.columns.map(\.type).filter(isText).map(\.declared)).sorted()
  }

  private static func isText(_ type: ColumnType) -> Bool { type.kind == .text && !type.isCast }

  private static func form(_ family: TypeFamily, _ column: String) -> String? {
    let ranges =
      "to send its ranges write (SELECT json_agg(json_build_array(lower(r), upper(r)))"
      + " FROM unnest(\(column)) AS r) AS \(column)"
    switch (family.kind, family.isArray) {
    case (.composite, false): return "to send an object write to_json(\(column)) AS \(column)"
    case (.composite, true): return "to send objects write to_json(\(column)) AS \(column)"
    case (.hstore, false): return "to send an object write hstore_to_json(\(column)) AS \(column)"
    case (.hstore, true):
      return
        "to send objects write (SELECT json_agg(hstore_to_json(h)) FROM unnest(\(column)) AS h)"
        + " AS \(column)"
    case (.range, false):
      return "to send its bounds write lower(\(column)) AS \(column)_from, upper(\(column))"
        + " AS \(column)_to"
    case (.range, true), (.multirange, false): return ranges
    case (.multirange, true): return nil
    }
  }
}
