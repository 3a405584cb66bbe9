import CommandLineInterface
import Foundation
import TestSupport
import Testing

/// `sluice dbt exposures`, over a manifest in the shape that dbt gives it.
@Suite struct DbtExposuresTests {
  private func project() throws -> TemporaryFolder {
    try TemporaryFolder([
      "sluice.yml": """
      sources: {shop: {type: sqlite, path: shop.db}}
      destinations: {events: {type: kafka, brokers: embedded}}
      """,
      "syncs/crm.yml": "model: {dbt: customers}\ntopic: t\nkey: {primary_key: true}\n",
      "syncs/plain.yml": "model: own\ntopic: u\nkey: {primary_key: true}\n",
      "models/own.sql": "-- ---\n-- primary_key: id\n-- ---\nSELECT 1 AS id",
      "target/manifest.json": #"""
      {"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json",
        "project_name": "shop"},
       "nodes": {"model.shop.customers": {
         "name": "customers", "resource_type": "model", "package_name": "shop",
         "unique_id": "model.shop.customers", "alias": "customers", "version": null,
         "config": {"enabled": true, "materialized": "table",
           "meta": {"sluice": {"primary_key": "customer_id"}}, "tags": ["crm"]},
         "tags": ["crm"], "columns": {}, "relation_name": "\"marts\".\"customers\"",
         "language": "sql", "depends_on": {"nodes": []}}},
       "sources": {}, "disabled": {}, "child_map": {}, "parent_map": {}}
      """#,
    ])
  }

  @Test func `each sync of a dbt model is an exposure, the same bytes every time`() async throws {
    let folder = try project()
    let first = await folder.run("dbt exposures --owner CRM --email crm@example.com")
    #expect(first.code == .done, "\(first.errors)")
    for part in ["exposures:", "sluice_crm", "ref('shop', 'customers')", "CRM", "crm@example.com"] {
      #expect(first.output.contains(part), "\(part): \(first.output)")
    }
    #expect(!first.output.contains("plain"))
    let written = await folder.run(
      "dbt exposures --owner CRM --email crm@example.com --write exposures.yml"
    )
    #expect(written.code == .done, "\(written.errors)")
    let text = try String(contentsOfFile: folder.path + "/exposures.yml", encoding: .utf8)
    #expect(text == first.output)
  }

  @Test func `without a manifest it says where one is looked for`() async throws {
    let folder = try project()
    try FileManager.default.removeItem(atPath: folder.path + "/target/manifest.json")
    let outcome = await folder.run("dbt exposures")
    #expect(outcome.code == .configuration)
    #expect(outcome.errors.contains("target/manifest.json"), "\(outcome.errors)")
  }
}
