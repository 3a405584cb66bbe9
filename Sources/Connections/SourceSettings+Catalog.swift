internal import Sync
internal import Messages
internal import Rows
internal import SQLite
internal import Values

public import Settings

extension SourceSettings {
  /// The rows of a query of the database's catalogue, each with the texts of its columns; a missing
  /// value of SQLite is empty.
  ///
  /// Throws if the database cannot be reached or refuses the query.
  public func catalogRows(_ sql: String) async throws -> [[String]] {
    switch self {
    case .sqlite(let path, let isImmutable, _, _):
      try Self.sqliteRows(sql, path: path, isImmutable: isImmutable)
    case .postgres: try await postgresRows(sql)
    }
  }

  // Not through a source: that one may not ask for the columns of a table.
  private static func sqliteRows(
    _ sql: String,
    path: String,
    isImmutable: Bool
  ) throws -> [[String]] {
    let connection = try SQLiteConnection(path: path, mode: .readOnly(isImmutable: isImmutable))
    let statement = try connection.prepare(sql)
    var rows: [[String]] = []
    while try statement.step() {
      rows.append((0..<statement.columnCount).map { statement.text($0) ?? "" })
    }
    return rows
  }

  private func postgresRows(_ sql: String) async throws -> [[String]] {
    let source = source("database")
    let model = ModelSettings(
      name: "catalogue",
      file: "the catalogue",
      sql: sql,
      source: "database",
      primaryKey: [],
      types: [:]
    )
    do {
      let shape = try await source.open(model)
      let page = Page()
      var rows: [[String]] = []
      while try await source.read(into: page) {
        for index in 0..<page.count {
          rows.append(
            RowText.columns(of: Array(page.line(index)), shape).map { Self.text($0.json) }
          )
        }
      }
      await source.close()
      return rows
    } catch {
      await source.close()
      throw error
    }
  }

  private static func text(_ json: String) -> String {
    guard case .string(let text) = RowText.value(json) else { return json }
    return text
  }
}
