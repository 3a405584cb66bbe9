/// Writes manifests in the shape that dbt gives them.
struct DbtManifestText {
  var version = 12
  var nodes: [String] = []
  var disabled: [String] = []

  /// A manifest with one model `customers` of the package `shop`, whose `customer_id` is unique.
  static let customers = DbtManifestText(nodes: [
    model("customers"), unique("customers", "customer_id"),
  ])

  /// A node of a model as dbt 1.5 to 1.10 write it; `more` are members of its own, with a comma at
  /// their end.
  static func model(
    _ name: String,
    package: String = "shop",
    config: String = #""materialized": "table", "meta": {}, "tags": ["crm"]"#,
    version: Int? = nil,
    more: String = ""
  ) -> String {
    let suffix = version.map { ".v\($0)" } ?? ""
    return #"""
      "model.\#(package).\#(name)\#(suffix)": {
        "database": "warehouse", "schema": "marts", "name": "\#(name)", "resource_type": "model",
        "package_name": "\#(package)", "path": "\#(name).sql",
        "original_file_path": "models/\#(name).sql",
        "unique_id": "model.\#(package).\#(name)\#(suffix)", "fqn": ["\#(package)", "\#(name)"],
        "alias": "\#(name)", "checksum": {"name": "sha256", "checksum": "0f"},
        "config": {"enabled": true, \#(config)}, "tags": ["crm", "nightly"], "description": "",
        \#(more) "relation_name": "\"warehouse\".\"marts\".\"\#(name)\"", "raw_code": "select 1",
        "language": "sql", "refs": [], "depends_on": {"macros": [], "nodes": []},
        "version": \#(version.map(String.init) ?? "null"), "latest_version": \#(version == nil ? "null" : "2")
      }
      """#
  }

  /// The node of a test `unique` of a column.
  static func unique(
    _ model: String,
    _ column: String,
    package: String = "shop",
    config: String = #""enabled": true, "severity": "ERROR", "where": null"#,
    isAttached: Bool = true
  ) -> String {
    let id = "model.\(package).\(model)"
    return #"""
      "test.\#(package).unique_\#(model)_\#(column).d48e126d80": {
        "test_metadata": {"name": "unique", "namespace": null, "kwargs": {
          "column_name": "\#(column)", "model": "{{ get_where_subquery(ref('\#(model)')) }}"}},
        "name": "unique_\#(model)_\#(column)", "resource_type": "test",
        "package_name": "\#(package)", "unique_id": "test.\#(package).unique_\#(model)_\#(column).d48e126d80",
        "config": {\#(config)}, "relation_name": null, "column_name": "\#(column)",
        "depends_on": {"macros": ["macro.dbt.test_unique"], "nodes": ["\#(id)"]},
        "attached_node": \#(isAttached ? "\"\(id)\"" : "null")
      }
      """#
  }

  /// The node of dbt_utils' test that columns are unique together.
  static func combination(_ model: String, _ columns: [String]) -> String {
    let list = columns.map { "\"\($0)\"" }.joined(separator: ", ")
    return #"""
      "test.shop.dbt_utils_unique_combination_of_columns_\#(model).1f": {
        "test_metadata": {"name": "unique_combination_of_columns", "namespace": "dbt_utils",
          "kwargs": {"combination_of_columns": [\#(list)], "model": "{{ ref('\#(model)') }}"}},
        "name": "dbt_utils_unique_combination_of_columns_\#(model)", "resource_type": "test",
        "package_name": "shop", "unique_id": "test.shop.dbt_utils_unique_combination_of_columns_\#(model).1f",
        "config": {"enabled": true, "where": null}, "column_name": null,
        "depends_on": {"macros": [], "nodes": ["model.shop.\#(model)"]},
        "attached_node": "model.shop.\#(model)"
      }
      """#
  }

  /// The whole file.
  var text: String {
    let off = disabled.map { node in
      let id = node.split(separator: "\"").first { $0.hasPrefix("model.") } ?? ""
      let body = node.drop { $0 != "{" }
      return "\"\(id)\": [\(body)]"
    }
    return """
      {"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v\(version).json",
        "dbt_version": "1.8.0", "generated_at": "2026-01-31T09:00:00.123456Z", "adapter_type": "postgres"},
       "nodes": {\(nodes.joined(separator: ",\n"))}, "sources": {}, "macros": {}, "exposures": {},
       "disabled": {\(off.joined(separator: ",\n"))}, "parent_map": {}, "child_map": {}}
      """
  }
}
