import JSON
import Settings
import Spelling
import Values

/// What dbt says of a project in `target/manifest.json`, schema versions 9 to 12 (dbt 1.5 and later).
///
/// Format: https://schemas.getdbt.com/dbt/manifest/v12.json. Only what a model needs is looked at,
/// so that keys which other versions add or lack do not matter.
struct DbtManifest {
  /// The schema versions that are understood.
  static let versions = 9...12
  /// Most bytes of the file.
  static let sizeMax = 1 << 30

  /// Why it, or a model of it, cannot be used.
  struct Failure: Error {
    let message: String
    let hint: String?
  }

  /// Every node that is enabled.
  private let nodes: Object
  /// Those of them that can be models of a sync.
  private let models: [DbtModel]
  /// Lists of nodes that are not enabled.
  private let disabled: Object

  /// Reads the text of a manifest.
  init(_ text: String) throws(Failure) {
    guard let value = try? JSONParser().parse(text), case .object(let root) = value else {
      throw Failure(message: "it is not JSON", hint: "run `dbt parse`: it writes the file again")
    }
    guard let schema = root.object("metadata")?.text("dbt_schema_version"),
      let version = schema.firstMatch(of: /manifest\/v(\d+)\.json/).flatMap({ Int($0.output.1) }),
      let nodes = root.object("nodes")
    else { throw Failure(message: "it is not a manifest of dbt", hint: nil) }
    guard Self.versions.contains(version) else {
      let known = "\(Self.versions.lowerBound) to \(Self.versions.upperBound)"
      throw Failure(
        message: "it is a manifest of version \(version), and Sluice reads \(known)",
        hint: version < Self.versions.lowerBound ? "run it with dbt 1.5 or later" : nil
      )
    }
    self.nodes = nodes
    models = Self.models(nodes.values)
    disabled = root.object("disabled") ?? Object()
  }

  /// The model, seed or snapshot called `name`, `package.name`, `name.vN` or `package.name.vN`.
  ///
  /// Of several versions that of a bare name is dbt's latest.
  func model(_ name: String) throws(Failure) -> DbtModel {
    var found = models.filter { $0.names.contains(name) }
    if Set(found.map(\.package)).count == 1, found.count > 1 {
      let latest = found.filter(\.isLatest)
      if latest.count == 1 { found = latest }
    }
    guard let model = found.first else { throw missing(name) }
    guard found.count == 1 else {
      let names = found.map { "{dbt: \($0.package).\($0.node.name)}" }.sorted()
      throw Failure(
        message: "dbt has several models \(name.quoted)",
        hint: "write \(names.listed)"
      )
    }
    return model
  }

  private func missing(_ name: String) -> Failure {
    let off = disabled.keys.flatMap(disabled.objects).compactMap(DbtModel.init)
    if off.contains(where: { $0.names.contains(name) }) {
      return Failure(
        message: "the dbt model \(name.quoted) is disabled",
        hint: "set `enabled: true` in dbt and run `dbt parse`"
      )
    }
    let known = models.map(\.node.name)
    let suggestion = Spelling.nearest(to: name, among: known)
    return Failure(
      message: "dbt has no model \(name.quoted)" + Spelling.question(suggestion),
      hint: suggestion == nil ? "run `dbt parse` if it is new" : nil
    )
  }

  private static func models(_ values: [Value]) -> [DbtModel] {
    values.compactMap { if case .object(let node) = $0 { DbtModel(node) } else { nil } }
  }

  // MARK: - Primary keys

  /// The columns that identify a row of `model`: `meta.sluice.primary_key`, else a primary key of
  /// its contract, else the one test that says it.
  func primaryKey(of model: DbtModel) throws(Failure) -> [String] {
    if let own = try model.ownPrimaryKey() { return own }
    if let constraint = model.constraintKey { return constraint }
    var keys: [[String]] = []
    for case .object(let test) in nodes.values {
      guard let key = DbtModel.uniqueColumns(test, of: model.uniqueID) else { continue }
      if !keys.contains(key) { keys.append(key) }
    }
    let hint = "write into its properties in dbt: config: {meta: {sluice: {primary_key: COLUMN}}}"
    guard let key = keys.first else {
      throw Failure(
        message: "dbt does not say what identifies a row of \(model.node.name.quoted)",
        hint: hint + ", or add the test `unique` to its column"
      )
    }
    guard keys.count == 1 else {
      let list = keys.map { $0.joined(separator: "+") }.sorted().joined(separator: ", ")
      throw Failure(
        message: "dbt has several unique tests of \(model.node.name.quoted): \(list)",
        hint: hint
      )
    }
    return key
  }
}
