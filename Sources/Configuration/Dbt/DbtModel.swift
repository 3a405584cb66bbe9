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
    guard case .string(let kind)? = content["resource_type"],
      ["model", "seed", "snapshot"].contains(kind),
      case .string(let id)? = content["unique_id"],
      case .string(let package)? = content["package_name"],
      case .string(let name)? = content["name"]
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
    if case .string(let name)? = content["relation_name"], materialization != "ephemeral" {
      return name.isEmpty ? nil : name
    }
    return nil
  }

  /// What dbt makes of it, as in `table`.
  var materialization: String? {
    if case .string(let text)? = config["materialized"] { text } else { nil }
  }

  /// Its tags, each once.
  var tags: [String] {
    var seen: Set<String> = []
    return (Self.texts(content["tags"]) + Self.texts(config["tags"]))
      .filter { seen.insert($0).inserted }
  }

  /// Names of its columns, if a contract holds it to them; else dbt may know only some of them.
  var contractColumns: [String]? {
    guard case .object(let contract)? = config["contract"], contract["enforced"] == .bool(true),
      case .object(let columns)? = content["columns"], !columns.isEmpty
    else { return nil }
    return columns.keys.map { key in
      if case .object(let column)? = columns[key], case .string(let name)? = column["name"] {
        return name
      }
      return key
    }
  }

  /// `meta.sluice.primary_key`; nil if it is not there.
  func ownPrimaryKey() throws(DbtManifest.Failure) -> [String]? {
    for meta in [config["meta"], content["meta"]] {
      guard case .object(let meta)? = meta, case .object(let own)? = meta["sluice"],
        let value = own["primary_key"]
      else { continue }
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
    for constraint in Self.objects(content["constraints"]) where Self.isKey(constraint) {
      let columns = Self.texts(constraint["columns"])
      if !columns.isEmpty { return columns }
    }
    guard case .object(let columns)? = content["columns"] else { return nil }
    let marked = columns.keys.filter { key in
      guard case .object(let column)? = columns[key] else { return false }
      return Self.objects(column["constraints"]).contains(where: Self.isKey)
    }
    return marked.count == 1 ? marked : nil
  }

  private static func isKey(_ constraint: Object) -> Bool {
    constraint["type"] == .string("primary_key")
  }

  /// The columns that `test` says are unique together in the node `id`, in all of its rows.
  static func uniqueColumns(_ test: Object, of id: String) -> [String]? {
    guard test["resource_type"] == .string("test"), isAttached(test, to: id),
      case .object(let metadata)? = test["test_metadata"],
      case .string(let name)? = metadata["name"]
    else { return nil }
    let config = if case .object(let config)? = test["config"] { config } else { Object() }
    // A test of some rows, or of none, says nothing of the others.
    if case .string? = config["where"] { return nil }
    if config["enabled"] == .bool(false) { return nil }
    let arguments = if case .object(let found)? = metadata["kwargs"] { found } else { Object() }
    switch name {
    case "unique":
      if case .string(let column)? = test["column_name"] { return [column] }
      if case .string(let column)? = arguments["column_name"] { return [column] }
      return nil
    case "unique_combination_of_columns":
      let columns = texts(arguments["combination_of_columns"])
      return columns.isEmpty ? nil : columns
    default: return nil
    }
  }

  private static func isAttached(_ test: Object, to id: String) -> Bool {
    if case .string(let attached)? = test["attached_node"] { return attached == id }
    guard case .object(let dependencies)? = test["depends_on"] else { return false }
    return texts(dependencies["nodes"]) == [id]
  }

  // MARK: - Members

  private var config: Object {
    if case .object(let config)? = content["config"] { config } else { Object() }
  }

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

  private static func objects(_ value: Value?) -> [Object] {
    guard case .array(let items)? = value else { return [] }
    return items.compactMap { if case .object(let object) = $0 { object } else { nil } }
  }
}
