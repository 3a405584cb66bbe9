import Foundation
import Reports
import Settings
import Sync
import Testing

/// `gate: {dbt_run_results: …}`: what dbt says of a model before its rows are sent.
@Suite struct DbtGateTests {
  private let bench: Bench

  init() throws {
    bench = try Bench("CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)")
    bench.plansFirst = false
    bench.modelName = "customers"
    bench.gate = ModelGate(
      dbtRunResults: bench.directory + "/run_results.json",
      shown: "target/run_results.json",
      location: SourceLocation(file: "models/customers.sql", line: 3, column: 9)
    )
  }

  private func write(_ text: String, to name: String = "run_results.json") throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: bench.directory + "/" + name))
  }

  private func results(_ results: [(id: String, status: String)]) throws {
    let items = results.map {
      #"{"unique_id": "\#($0.id)", "status": "\#($0.status)", "failures": 3, "message": "Got 3"}"#
    }
    try write(
      #"{"metadata": {"generated_at": "2026-01-31T09:00:00Z"}, "results": ["#
        + items.joined(separator: ",") + "]}"
    )
  }

  private static let test = "test.shop.not_null_customers_email.1a2b"

  @Test func `a failed test of the model stops the run, and one that passed does not`()
    async throws
  {
    try results([(Self.test, "pass"), ("test.shop.unique_orders_id.3c", "fail")])
    #expect(await bench.run().outcome == .done)
    try results([(Self.test, "fail")])
    let stopped = await bench.run(RunOptions(command: .backfill))
    #expect(stopped.outcome == .stoppedByGuard)
    #expect(
      stopped.error?.message
        == "dbt says of customers: test not_null_customers_email: fail (3 rows) "
        + "(target/run_results.json of 2026-01-31T09:00:00Z); nothing was sent"
    )
    #expect(bench.arrivals().count == 1)
    for (status, outcome) in [("warn", RunReport.Outcome.done), ("error", .stoppedByGuard)] {
      try results([(Self.test, status)])
      #expect(await bench.run().outcome == outcome, "\(status)")
    }
  }

  @Test func `a model that dbt could not build stops the run`() async throws {
    try results([("model.shop.customers", "error")])
    #expect(await bench.run().outcome == .stoppedByGuard)
    try results([("model.shop.customers_old", "error"), ("model.customers.orders", "error")])
    #expect(await bench.run().outcome == .done)
  }

  @Test func `the manifest says of which model a test is`() async throws {
    try results([
      ("test.shop.relationships_orders_customers.1", "fail"), ("test.shop.sums.2", "fail"),
    ])
    try write(
      """
      {"nodes": {
        "test.shop.relationships_orders_customers.1": {"attached_node": "model.shop.orders",
          "depends_on": {"nodes": ["model.shop.customers", "model.shop.orders"]}},
        "test.shop.sums.2": {"depends_on": {"nodes": ["model.shop.totals"]}}}}
      """,
      to: "manifest.json"
    )
    #expect(await bench.run().outcome == .done)
    try write(
      #"{"nodes": {"test.shop.sums.2": {"depends_on": {"nodes": ["model.shop.customers.v2"]}}}}"#,
      to: "manifest.json"
    )
    try results([("test.shop.sums.2", "fail")])
    #expect(await bench.run().outcome == .stoppedByGuard)
  }

  @Test func `a gate that cannot be read lets nothing pass`() async throws {
    #expect(await bench.run().outcome == .failed)
    for text in ["", "{", "[]", #"{"results": 5}"#] {
      try write(text)
      let report = await bench.run()
      #expect(report.outcome == .failed, "\(text)")
      #expect(report.error?.message.contains("the gate of model customers cannot be read") == true)
    }
    #expect(bench.arrivals() == [])
  }
}
