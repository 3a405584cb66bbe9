/// A type that `types:` gives to a column.
public enum CastType: String, Sendable, Hashable, CaseIterable {
  /// The types a user can name.
  case integer, numeric, float, boolean, text, json, timestamp, date, bytes
}

/// One model: a query and what is said of it in its front matter.
public struct ModelSettings: Sendable {
  /// Name: the file's, without `.sql`.
  public var name: String
  /// Path as it is shown.
  public var file: String
  /// The whole file: front matter is SQL comments, so that it runs as it stands.
  public var sql: String
  /// Name of its source.
  public var source: String
  /// Columns that identify a row, at least one, each once.
  public var primaryKey: [Located<String>]
  /// Casts by column.
  public var types: [String: Located<CastType>]
  /// What must hold of its rows before any is sent.
  public var tests: [RowTest] = []
  /// Results of other tools that must be good; nil for none.
  public var gate: ModelGate?
  /// What of dbt it is read from; nil for a file of the project.
  public var dbt: DbtNode?

  /// Creates a model's settings.
  public init(
    name: String,
    file: String,
    sql: String,
    source: String,
    primaryKey: [Located<String>],
    types: [String: Located<CastType>]
  ) {
    self.name = name
    self.file = file
    self.sql = sql
    self.source = source
    self.primaryKey = primaryKey
    self.types = types
  }
}
