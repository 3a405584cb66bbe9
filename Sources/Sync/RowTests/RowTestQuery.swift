internal import Rows
internal import Text
internal import Settings

/// The queries of one test on rows: how many rows fail, and which are the first.
struct RowTestQuery {
  let test: RowTest
  let primaryKey: [String]
  let dialect: Shape.Dialect

  /// Most rows that are named.
  static let examplesMax = 5

  /// Selects the number of rows that fail.
  var count: String {
    guard case .unique(let columns) = test.rule else {
      return "SELECT count(*) FROM \(ModelQuery.name) WHERE \(condition)"
    }
    return "SELECT coalesce(sum(n), 0) FROM (SELECT count(*) AS n \(shared(columns))) AS shared"
  }

  /// Selects the primary keys of the first rows that fail.
  var examples: String {
    let keys = Self.list(primaryKey)
    return "SELECT \(keys) FROM \(ModelQuery.name) WHERE \(condition) LIMIT \(Self.examplesMax)"
  }

  /// Lets the database read the query without a row.
  var trial: String { "SELECT 1 FROM \(ModelQuery.name) WHERE \(condition) LIMIT 0" }

  /// What holds of a row that fails.
  private var condition: String {
    switch test.rule {
    case .notNull(let column): "\(SQLText.name(column)) IS NULL"
    case .unique(let columns):
      "(\(Self.list(columns))) IN (SELECT \(Self.list(columns)) \(shared(columns)))"
    case .acceptedValues(let column, let values):
      "\(SQLText.name(column)) NOT IN (\(values.flatMap(texts).joined(separator: ", ")))"
    // On a line of its own: it may end with a comment.
    case .expression(let sql): "NOT (\(sql)\n)"
    }
  }

  /// The rest of a query for values that several rows share.
  private func shared(_ columns: [String]) -> String {
    let known = columns.map { "\(SQLText.name($0)) IS NOT NULL" }.joined(separator: " AND ")
    return "FROM \(ModelQuery.name) WHERE \(known) GROUP BY \(Self.list(columns)) "
      + "HAVING count(*) > 1"
  }

  private static func list(_ columns: [String]) -> String {
    columns.map(SQLText.name).joined(separator: ", ")
  }

  /// How SQL writes a value.
  ///
  /// Postgres takes a quoted text for a value of the column's type. SQLite compares as it is
  /// written, so a number or a boolean is accepted as its text as well.
  private func texts(_ value: Literal) -> [String] {
    switch value {
    case .null: []
    case .string(let text), .json(let text): [SQLText.literal(text)]
    case .number(let text):
      dialect == .sqlite ? [text, SQLText.literal(text)] : [SQLText.literal(text)]
    case .boolean(let isTrue):
      dialect == .sqlite
        ? [isTrue ? "1" : "0", SQLText.literal("\(isTrue)")] : [SQLText.literal("\(isTrue)")]
    }
  }
}
