internal import Messages
internal import Rows

/// Finds columns that arrive as the database's text, and says what to write to get JSON.
enum TextTypes {
  /// A sentence a column, as in `attrs is hstore, sent as text; …`.
  static func advice(on shape: Shape) -> [String] {
    shape.columns.compactMap { column in
      guard shape.dialect == .postgres, column.type.kind == .text, !column.type.isCast else {
        return nil
      }
      let name = column.type.declared
      return form(name).map {
        "\(column.name) is \(name), which is sent as text; \($0(column.name))"
      }
    }
  }

  private typealias Advice = (_ column: String) -> String

  private static func form(_ type: String) -> Advice? {
    if type == "hstore" || type.hasSuffix(".hstore") {
      return { "to send an object write hstore_to_json(\($0)) AS \($0)" }
    }
    if type.hasSuffix("multirange") {
      return {
        "to send its ranges write (SELECT json_agg(json_build_array(lower(r), upper(r)))"
          + " FROM unnest(\($0)) AS r) AS \($0)"
      }
    }
    if type.hasSuffix("range") {
      return { "to send its bounds write lower(\($0)) AS \($0)_from, upper(\($0)) AS \($0)_to" }
    }
    return nil
  }
}
