import Configuration
import Settings
import Testing

/// `model: {dbt: NAME}`, read from manifests in dbt's own shape.
@Suite struct DbtModelTests {
  private typealias Text = DbtManifestText

  private func load(
    _ manifest: String?,
    sync: String = "model: {dbt: customers}\ntopic: customers\nkey: {primary_key: true}\n",
    _ more: [String: String?] = [:]
  ) throws -> Configuration.Result {
    var files: [String: String?] = ["syncs/customers.yml": sync, "target/manifest.json": manifest]
    files["models/customers.sql"] = .some(nil)
    return try TemporaryProject(files.merging(more) { _, new in new }).load()
  }

  private func model(_ manifest: Text, _ name: String = "customers") throws -> ModelSettings {
    let sync = "model: {dbt: \(name)}\ntopic: customers\nkey: {primary_key: true}\n"
    let result = try load(manifest.text, sync: sync)
    #expect(result.diagnostics.map(\.rendered) == [])
    return try #require(result.settings?.models[name])
  }

  /// The first error of the sync.
  private func error(_ manifest: String?, _ name: String = "customers") throws -> String {
    let sync = "model: {dbt: \(name)}\ntopic: customers\n"
    let errors = try load(manifest, sync: sync).diagnostics.filter { $0.severity == .error }
    #expect(errors.map(\.code) == ["SL0115"])
    return errors.first.map { "\($0.message); \($0.hint ?? "-")" } ?? ""
  }

  @Test(arguments: 9...12) func `a model of dbt is its relation, key and tags`(
    version: Int
  ) throws {
    var manifest = Text.customers
    manifest.version = version
    let model = try model(manifest)
    #expect(model.sql == "SELECT *\nFROM \"warehouse\".\"marts\".\"customers\"\n")
    #expect(model.primaryKey.map(\.value) == ["customer_id"])
    #expect(model.dbt == DbtNode(package: "shop", name: "customers"))
    #expect(model.source == "shop")
    let sync =
      "model: {dbt: customers}\ntopic: customers\nkey: {primary_key: true}\ntags: [own, crm]\n"
    let tags = try load(manifest.text, sync: sync).settings?.syncs.first?.tags
    #expect(tags == ["own", "crm", "nightly"])
  }

  @Test func `only the columns of a contract are selected by name: dbt may not know the others`()
    throws
  {
    let columns =
      #""columns": {"customer_id": {"name": "customer_id"}, "e\"mail": {"name": "e\"mail"}},"#
    let enforced = #""materialized": "table", "contract": {"enforced": true}"#
    let unique = Text.unique("customers", "customer_id")
    let contract = Text(nodes: [Text.model("customers", config: enforced, more: columns), unique])
    #expect(try model(contract).sql.hasPrefix("SELECT \"customer_id\", \"e\"\"mail\"\nFROM "))
    let documented = Text(nodes: [Text.model("customers", more: columns), unique])
    #expect(try model(documented).sql.hasPrefix("SELECT *\n"))
    let wrong = Text(nodes: [
      Text.model("customers", config: enforced, more: columns), Text.unique("customers", "id"),
    ])
    #expect(try error(wrong.text).contains("has no column 'id', which identifies its rows"))
  }

  @Test func `what identifies a row is said by meta, then the contract, then the one unique test`()
    throws
  {
    let meta = #""materialized": "view", "meta": {"sluice": {"primary_key": ["tenant", "id"]}}"#
    let both = Text(nodes: [
      Text.model("customers", config: meta), Text.unique("customers", "email"),
    ])
    #expect(try model(both).primaryKey.map(\.value) == ["tenant", "id"])
    let older = Text(nodes: [
      Text.model(
        "customers",
        config: #""materialized": "view""#,
        more: #""meta": {"sluice": {"primary_key": "id"}},"#
      )
    ])
    #expect(try model(older).primaryKey.map(\.value) == ["id"])
    let constraint = #""constraints": [{"type": "primary_key", "columns": ["a", "b"]}],"#
    let constrained = Text(nodes: [
      Text.model("customers", more: constraint), Text.unique("customers", "email"),
    ])
    #expect(try model(constrained).primaryKey.map(\.value) == ["a", "b"])
    let combined = Text(nodes: [
      Text.model("customers"), Text.combination("customers", ["a", "b"]),
    ])
    #expect(try model(combined).primaryKey.map(\.value) == ["a", "b"])
    let unattached = Text(nodes: [
      Text.model("customers"), Text.unique("customers", "id", isAttached: false),
    ])
    #expect(try model(unattached).primaryKey.map(\.value) == ["id"])
  }

  @Test func `a test of some rows, of another model or that is off identifies nothing`() throws {
    let partial = #""enabled": true, "where": "deleted_at is null""#
    for test in [
      Text.unique("customers", "id", config: partial),
      Text.unique("customers", "id", config: #""enabled": false"#), Text.unique("orders", "id"),
    ] {
      let manifest = Text(nodes: [Text.model("customers"), Text.model("orders"), test])
      #expect(try error(manifest.text).hasPrefix("dbt does not say what identifies a row"))
    }
    let several = Text(nodes: [
      Text.model("customers"), Text.unique("customers", "id"), Text.unique("customers", "email"),
    ])
    #expect(
      try error(several.text).hasPrefix(
        "dbt has several unique tests of 'customers': email, id; write"
      )
    )
    let empty = Text(nodes: [
      Text.model(
        "customers",
        config: #""materialized": "table", "meta": {"sluice": {"primary_key": []}}"#
      )
    ])
    #expect(try error(empty.text).contains("names no columns"))
  }

  @Test func `a name in two packages needs its package, one with versions means the latest`() throws
  {
    let two = Text(nodes: [
      Text.model("customers"), Text.model("customers", package: "crm"),
      Text.unique("customers", "id", package: "crm"),
    ])
    let hint = "write {dbt: crm.customers} or {dbt: shop.customers}"
    #expect(try error(two.text) == "dbt has several models 'customers'; \(hint)")
    #expect(try model(two, "crm.customers").dbt?.package == "crm")
    let versions = Text(nodes: [
      Text.model("customers", version: 1), Text.model("customers", version: 2),
      Text.unique("customers.v1", "old_id"), Text.unique("customers.v2", "id"),
    ])
    #expect(try model(versions).dbt?.version == "2")
    #expect(try model(versions, "customers.v1").primaryKey.map(\.value) == ["old_id"])
  }

  @Test
  func `a model that is not a relation, a missing or a foreign file is refused with the way out`()
    throws
  {
    let off = Text(nodes: [Text.model("orders")], disabled: [Text.model("customers")])
    #expect(try error(off.text).hasPrefix("the dbt model 'customers' is disabled; set"))
    let ephemeral = Text(nodes: [
      Text.model("customers", config: #""materialized": "ephemeral""#),
      Text.unique("customers", "id"),
    ])
    #expect(
      try error(ephemeral.text).contains("is ephemeral: no relation of it is in the database")
    )
    #expect(
      try error(Text.customers.text, "custmers").hasPrefix(
        "dbt has no model 'custmers'; did you mean 'customers'?"
      )
    )
    #expect(try error(nil).contains("target/manifest.json cannot be read: No such file"))
    #expect(try error("{").contains("it is not JSON"))
    #expect(try error("{\"nodes\": {}}").contains("it is not a manifest of dbt"))
    for version in [8, 13] {
      var other = Text.customers
      other.version = version
      #expect(
        try error(other.text).contains("a manifest of version \(version), and Sluice reads 9 to 12")
      )
    }
    let clash = try load(
      Text.customers.text,
      ["models/customers.sql": TemporaryProject.files["models/customers.sql"]]
    )
    #expect(
      clash.diagnostics.first?.message == "'customers' is the name of models/customers.sql, too"
    )
  }

  @Test func `the manifest may be elsewhere, and of several sources one is dbt's`() throws {
    let project = """
      sources:
        shop: {type: sqlite, path: shop.db}
        warehouse: {type: sqlite, path: other.db}
      destinations:
        events: {type: kafka, brokers: embedded}

      """
    let without = try load(Text.customers.text, ["sluice.yml": project])
    #expect(
      without.diagnostics.first?.message
        == "the project has several sources, and none is said for dbt"
    )
    let with = try load(
      nil,
      [
        "sluice.yml": project + "dbt: {manifest: dbt/out/manifest.json, source: warehouse}\n",
        "dbt/out/manifest.json": Text.customers.text,
      ]
    )
    #expect(with.diagnostics.map(\.rendered) == [])
    #expect(with.settings?.models["customers"]?.source == "warehouse")
    #expect(with.settings?.models["customers"]?.file == "dbt/out/manifest.json")
  }
}
