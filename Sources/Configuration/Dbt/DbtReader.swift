import Settings
import Text

/// Reads `model: {dbt: NAME}` of syncs, and keeps the models that they name.
///
/// The manifest is read when the first sync asks for it, and once.
final class DbtReader {
  /// The models that syncs named, by the name that they wrote.
  private(set) var models: [String: ModelSettings] = [:]
  /// Tags of those models.
  private(set) var tags: [String: [String]] = [:]
  private let settings: DbtSettings
  private let sources: [String]
  /// Names of the files in `models/`.
  private let modelNames: [String]
  private let directory: String
  private var manifest: Result<DbtManifest, DbtManifest.Failure>?

  init(_ settings: DbtSettings, sources: [String], modelNames: [String], directory: String) {
    self.settings = settings
    self.sources = sources
    self.modelNames = modelNames
    self.directory = directory
  }

  /// The name of the model that `node`, a map, asks for; nil after reporting what is wrong.
  func read(_ node: YAMLNode) -> Located<String>? {
    guard let map = MappingReader(node, .dbtModel),
      let place = map.required("dbt", hint: "write {dbt: NAME}, or the name of a file in models/"),
      let name = place.string("the name of a dbt model")
    else { return nil }
    if models[name] != nil { return place.located(name) }
    guard !modelNames.contains(name) else {
      place.error(
        "\(name.quoted) is the name of models/\(name).sql, too",
        hint: "rename that file, or write {dbt: PACKAGE.\(name)}",
        kind: .dbtModel
      )
      return nil
    }
    guard let source = source(at: place) else { return nil }
    do throws(DbtManifest.Failure) {
      let manifest = try loaded()
      let model = try manifest.model(name)
      let key = try manifest.primaryKey(of: model)
      models[name] = try settings(of: model, name: name, key: key.map(place.located), source)
      tags[name] = model.tags
      return place.located(name)
    } catch {
      place.error(error.message, hint: error.hint, kind: .dbtModel)
      return nil
    }
  }

  private func settings(
    of model: DbtModel,
    name: String,
    key: [Located<String>],
    _ source: String
  ) throws(DbtManifest.Failure) -> ModelSettings {
    guard let relation = model.relation else {
      throw DbtManifest.Failure(
        message: "the dbt model \(name.quoted) is "
          + "\(model.materialization ?? "not materialized"): no relation of it is in the database",
        hint: "materialize it as a table, a view or incrementally"
      )
    }
    let columns = model.contractColumns
    if let columns, let lost = key.first(where: { !columns.contains($0.value) }) {
      throw DbtManifest.Failure(
        message: "the contract of the dbt model \(name.quoted) has no column "
          + "\(lost.value.quoted), which identifies its rows",
        hint: "it has \(columns.joined(separator: ", "))"
      )
    }
    let list = columns.map { $0.map(SQLText.name).joined(separator: ", ") } ?? "*"
    var settings = ModelSettings(
      name: name,
      file: FileAccess.shown(path, in: directory),
      sql: "SELECT \(list)\nFROM \(relation)\n",
      source: source,
      primaryKey: key,
      types: [:]
    )
    settings.dbt = model.node
    return settings
  }

  private func source(at node: YAMLNode) -> String? {
    if let named = settings.source { return named }
    if sources.count == 1 { return sources.first }
    if sources.isEmpty { return nil }
    node.error(
      "the project has several sources, and none is said for dbt",
      hint: "write into \(Configuration.projectFile): dbt: {source: NAME}; there are "
        + sources.joined(separator: ", "),
      kind: .dbtModel
    )
    return nil
  }

  private var path: String { FileAccess.path(settings.manifest, from: directory) }

  private func loaded() throws(DbtManifest.Failure) -> DbtManifest {
    let result = manifest ?? load()
    manifest = result
    switch result {
    case .success(let manifest): return manifest
    case .failure(let failure): throw failure
    }
  }

  private func load() -> Result<DbtManifest, DbtManifest.Failure> {
    let shown = "dbt's manifest \(FileAccess.shown(path, in: directory))"
    switch FileAccess.text(at: path, sizeMax: DbtManifest.sizeMax) {
    case .failure(let failure):
      let hint =
        "run `dbt parse` or `dbt build`, or say where it is in \(Configuration.projectFile): "
        + "dbt: {manifest: PATH}"
      let message = "\(shown) cannot be read: \(failure.reason)"
      return .failure(DbtManifest.Failure(message: message, hint: hint))
    case .success(let text):
      do throws(DbtManifest.Failure) {
        return .success(try DbtManifest(text))
      } catch {
        return .failure(
          DbtManifest.Failure(message: "\(shown): \(error.message)", hint: error.hint)
        )
      }
    }
  }
}

/// `dbt` of a project.
struct DbtSettings {
  /// The path of the manifest, relative to the project.
  var manifest = "target/manifest.json"
  /// The source that dbt builds in; nil for the only one.
  var source: String?
}
