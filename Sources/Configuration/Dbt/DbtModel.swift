import Settings
import Values

/// A model, seed or snapshot as a manifest describes it.
struct DbtModel {
  /// Its package, name and version.
  let node: DbtNode
  /// As in `model.shop.customers`.
  let uniqueID: String
  private let content: Object

  var package: String { node.package }

  /// Reads a node; nil if it is not a relation that a `ref` can name.
  init?(_ content: Object) {
    guard let kind = content.text("resource_type"), ["model", "seed", "snapshot"].contains(kind),
      let id = content.text("unique_id"), let package = content.text("package_name"),
      let name = content.text("name")
    else { return nil }
    self.content = content
    uniqueID = id
    node = DbtNode(package: package, name: name, version: Self.scalar(content["version"]))
  }

  /// What it may be called.
  var names: [String] {
    let plain = [node.name, "\(node.package).\(node.name)"]
    guard let version = node.version else { return plain }
    return plain + plain.map { "\($0).v\(version)" }
  }

  /// Whether a name without a version means it.
  var isLatest: Bool {
    node.version == nil || node.version == Self.scalar(content["latest_version"])
  }

  /// Its relation as SQL writes it; nil if it is none in the database.
  var relation: String? {
    guard materialization != "ephemeral", let name = content.text("relation_name") else {
      return nil
    }
    return name.isEmpty ? nil : name
  }

  /// What dbt makes of it, as in `table`.
  var materialization: String? { config.text("materialized") }

  /// Its tags, each once.
  var tags: [String] {
    var seen: Set<String> = []
    return (Self.texts(content["tags"]) + Self.texts(config["tags"]))
      .filter { seen.insert($0).inserted }
  }

  /// Names of its columns, if a contract holds it to them; else dbt may know only some of them.
  var contractColumns: [String]? {
    guard config.object("contract")?.flag("enforced") == true,
      let columns = content.object("columns"), !columns.isEmpty
    else { return nil }
    return columns.keys.map { columns.object($0)?.text("name") ?? $0 }
  }

  /// `meta.sluice.primary_key`; nil if it is not there.
  func ownPrimaryKey() throws(DbtManifest.Failure) -> [String]? {
    for place in [config, content] {
      guard let value = place.object("meta")?.object("sluice")?["primary_key"] else { continue }
      let columns = if case .string(let text) = value { [text] } else { Self.texts(value) }
      if columns.isEmpty || Set(columns).count < columns.count {
        throw DbtManifest.Failure(
          message: "meta.sluice.primary_key of the dbt model \(node.name.quoted) names no columns",
          hint: "write a column, or a list of columns, each once"
        )
      }
      return columns
    }
    return nil
  }

  /// The columns of a constraint `primary_key`, of the model or of a column; nil if it has none.
  var constraintKey: [String]? {
    for constraint in content.objects("constraints") where Self.isKey(constraint) {
      let columns = Self.texts(constraint["columns"])
      if !columns.isEmpty { return columns }
    }
    guard let columns = content.object("columns") else { return nil }
    let marked = columns.keys.filter { key in
      columns.object(key)?.objects("constraints").contains(where: Self.isKey) ?? false
    }
    return marked.count == 1 ? marked : nil
  }

  private static func isKey(_ constraint: Object) -> Bool {
    constraint["type"] == .string("primary_key")
  }

  /// The columns that `test` says are unique together in the node `id`, in all of its rows.
  static func uniqueColumns(_ test: Object, of id: String) -> [String]? {
    guard test["resource_type"] == .string("test"), isAttached(test, to: id),
      let metadata = test.object("test_metadata"), let name = metadata.text("name")
    else { return nil }
    let config = test.object("config") ?? Object()
    // A test of some rows, or of none, says nothing of the others.
    if config.text("where") != nil { return nil }
    if config["enabled"] == .bool(false) { return nil }
    let arguments = metadata.object("kwargs") ?? Object()
    switch name {
    case "unique":
      return (test.text("column_name") ?? arguments.text("column_name")).map { [$0] }
    case "unique_combination_of_columns":
      let columns = texts(arguments["combination_of_columns"])
      return columns.isEmpty ? nil : columns
    default: return nil
    }
  }

  private static func isAttached(_ test: Object, to id: String) -> Bool {
    if let attached = test.text("attached_node") { return attached == id }
    guard let dependencies = test.object("depends_on") else { return false }
    return texts(dependencies["nodes"]) == [id]
  }

  // MARK: - Members

  private var config: Object { content.object("config") ?? Object() }

  private static func scalar(_ value: Value?) -> String? {
    switch value {
    case .string(let text)?: text
    case .integer(let number)?: "\(number)"
    case .decimal(let number)?: "\(number)"
    default: nil
    }
  }

  private static func texts(_ value: Value?) -> [String] {
    switch value {
    case .string(let text)?: [text]
    case .array(let items)?:
      items.compactMap { if case .string(let text) = $0 { text } else { nil } }
    default: []
    }
  }
}
