import Text
import Settings

/// Reads `models/NAME.sql`.
struct ModelReader {
  /// Names of the project's sources.
  let sources: [String]
  /// Names of those that are SQLite databases.
  let sqliteSources: Set<String>
  /// The project's folder.
  let directory: String

  func read(_ file: YAMLFile, name: String) -> ModelSettings? {
    let source = file.source
    let settings = settings(file, name: name)
    // Which database it is decides what its SQL means; without errors in front it is known.
    let isSQLite = sqliteSources.contains(settings?.source ?? sources.first ?? "")
    QueryCheck(source, dialect: isSQLite ? .sqlite : .postgres).report()
    return settings
  }

  private func settings(_ file: YAMLFile, name: String) -> ModelSettings? {
    let source = file.source
    guard let yaml = FrontMatter(source: source).yaml() else { return nil }
    guard let root = file.root(parsing: yaml) else {
      if !source.report.hasErrors {
        source.error(
          at: source.line(1),
          "the front matter is empty",
          hint: FrontMatter.example,
          kind: .wrongModel
        )
      }
      return nil
    }
    guard let map = MappingReader(root, .model) else { return nil }
    let types = map["types"].map { self.types($0) } ?? [:]
    let primaryKey = map.required(
      "primary_key",
      hint: "write 'primary_key: id' or '[tenant_id, id]'"
    )?
    .strings("a column or a list of columns", each: "the name of a column")
    let tests = map["tests"].map { RowTestReader().read($0) } ?? []
    let gate = map["gate"].flatMap { self.gate($0) }
    guard let connection = self.source(map), let primaryKey else { return nil }
    var settings = ModelSettings(
      name: name,
      file: source.path,
      sql: String(String.UnicodeScalarView(source.scalars)),
      source: connection,
      primaryKey: primaryKey,
      types: types
    )
    settings.tests = tests
    settings.gate = gate
    return settings
  }

  private func gate(_ node: YAMLNode) -> ModelGate? {
    guard let map = MappingReader(node, .gate),
      let value = map.required(
        "dbt_run_results",
        hint: "write 'dbt_run_results: ../dbt/target/run_results.json'"
      ),
      let path = value.string("the path of dbt's run_results.json")
    else { return nil }
    let file = FileAccess.path(path, from: directory)
    return ModelGate(
      dbtRunResults: file,
      shown: FileAccess.shown(file, in: directory),
      location: value.location
    )
  }

  private func source(_ map: MappingReader) -> String? {
    guard let node = map["source"] else {
      if sources.count == 1 { return sources.first }
      // Without any source sluice.yml itself is wrong, and says so.
      if !sources.isEmpty {
        _ = map.required("source", hint: "there are \(sources.joined(separator: ", "))")
      }
      return nil
    }
    guard let name = node.string("the name of a source") else { return nil }
    if sources.contains(name) { return name }
    ProjectName.unknown("source", name, at: node, known: sources)
    return nil
  }

  private func types(_ node: YAMLNode) -> [String: Located<CastType>] {
    var result: [String: Located<CastType>] = [:]
    for entry in node.entries("types by column") ?? [] {
      if let type = entry.value.oneOf(CastType.self, "a type") {
        result[entry.key] = entry.value.located(type)
      }
    }
    return result
  }
}
