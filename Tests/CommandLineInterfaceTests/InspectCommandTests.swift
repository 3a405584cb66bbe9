import CommandLineInterface
import Foundation
import TestSnapshots
import Testing

@Suite struct InspectCommandTests {
  /// The report with what differs from run to run replaced.
  private func steady(_ outcome: Outcome, _ folder: TemporaryFolder) -> String {
    outcome.text(without: folder.path).replacing(/20[0-9-]+T[0-9:]+Z/, with: "TIME")
  }

  private func check(_ text: String, _ name: String) {
    let difference = Snapshot.difference(text, from: name)
    #expect(difference == nil, "\(difference ?? "")")
  }

  @Test func `a row is shown all the way, as text and as JSON`() async throws {
    let folder = try TemporaryFolder()
    _ = await folder.run("init --quiet")
    check(steady(await folder.run("inspect customers --key 2"), folder), "inspect")
    check(steady(await folder.run("inspect customers --output json"), folder), "inspect-json")
    let missing = await folder.run("inspect customers --key 99")
    #expect(missing.code == .failed)
    check(steady(missing, folder), "inspect-missing")
  }

  @Test func `a cluster that does not answer is told, not waited for`() async throws {
    let folder = try TemporaryFolder()
    _ = await folder.run("init --quiet")
    try folder.write(
      """
      sources: {shop: {type: sqlite, path: demo/shop.db}}
      destinations:
        events: {type: kafka, brokers: "127.0.0.1:1", tls: false, timeouts: {connect: 1s}}
      """,
      to: "sluice.yml"
    )
    let outcome = await folder.run("inspect customers")
    #expect(outcome.code == .done)
    #expect(outcome.output.contains("note: no broker was asked"))
    #expect(outcome.output.contains("partition: ? (murmur2 of the key; how many"))
  }

  @Test func `a certificate that cannot be read is a note`() async throws {
    let folder = try TemporaryFolder()
    _ = await folder.run("init --quiet")
    try folder.write("no certificate", to: "ca.pem")
    try folder.write(
      """
      sources: {shop: {type: sqlite, path: demo/shop.db}}
      destinations: {events: {type: kafka, brokers: "127.0.0.1:1", ca: ca.pem}}
      """,
      to: "sluice.yml"
    )
    let outcome = await folder.run("inspect customers")
    #expect(outcome.code == .done)
    #expect(outcome.output.contains("note: no broker was asked"))
  }

  @Test func `a source that fails says so`() async throws {
    let folder = try TemporaryFolder()
    _ = await folder.run("init --quiet")
    try folder.write(
      "-- ---\n-- primary_key: id\n-- ---\nSELEC 1 AS id",
      to: "models/customers.sql"
    )
    let outcome = await folder.run("inspect customers")
    #expect(outcome.code == .configuration)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("syntax error"))
  }
}
