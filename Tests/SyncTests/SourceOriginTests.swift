import Connections
import Sync
import Foundation
import Reports
import Settings
import State
import TestSupport
import Testing

/// A state belongs to a database, whatever its source is called.
@Suite struct SourceOriginTests {
  private func source(
    _ bench: Bench,
    _ name: String,
    _ path: String,
    identity: String? = nil
  )
    -> SQLiteSource
  {
    SQLiteSource(
      name: name,
      path: bench.databasePath,
      isImmutable: false,
      shown: path,
      identity: identity
    )
  }

  private func known(_ bench: Bench) async throws -> String? {
    try await StateFile.open(path: bench.statePath, mode: .report).meta().source
  }

  @Test func `a swapped database stops before anything is sent, a renamed source continues`()
    async throws
  {
    let bench = try Bench("CREATE TABLE t (id INTEGER); INSERT INTO t VALUES (1), (2)")
    #expect(await bench.run(source: source(bench, "shop", "production.db")).outcome == .done)
    #expect(bench.arrivals().count == 2)
    try bench.database("DELETE FROM t WHERE id = 1")
    let swapped = await bench.run(source: source(bench, "shop", "staging.db"))
    #expect(swapped.outcome == .failed)
    let error = try #require(swapped.error)
    #expect(error.message.contains("path 'production.db', now 'staging.db'"), "\(error.message)")
    #expect(error.hint?.contains("recover s --adopt") == true)
    #expect(error.hint?.contains("reset s") == true)
    #expect(bench.arrivals() == [])
    let plan = bench.makeRun(source: source(bench, "shop", "staging.db"))
    let planned = await PlanRun(of: plan, scratchPath: bench.directory + "/scratch.db").execute()
    #expect(planned.error?.message == error.message)
    let renamed = await bench.run(source: source(bench, "warehouse", "production.db"))
    #expect(renamed.outcome == .done)
    #expect(bench.arrivals() == ["removed 1"])
  }

  @Test func `what was written down is not sent from another database`() async throws {
    let bench = try Bench("CREATE TABLE t (id INTEGER); INSERT INTO t VALUES (1)")
    let identity = { (text: String) in source(bench, "shop", text) }
    _ = await bench.run(source: identity("a.db"))
    #expect(bench.arrivals().count == 1)
    let failing = FaultySource(identity("a.db"), failingCall: 1)
    #expect(await bench.run(source: failing).outcome == .failed)
    #expect(await bench.run(source: identity("b.db")).outcome == .failed)
    #expect(bench.arrivals() == [])
  }

  @Test func `a state of an earlier Sluice takes the database of its next run`() async throws {
    let bench = try Bench("CREATE TABLE t (id INTEGER); INSERT INTO t VALUES (1)")
    _ = await bench.run(source: source(bench, "shop", "a.db"))
    try await StateFile.open(path: bench.statePath, mode: .existing).update {
      $0.source = "sqlite shop"
    }
    #expect(await bench.run(source: source(bench, "lite", "b.db")).outcome == .done)
    #expect(try await known(bench) == #"{"system":"sqlite","path":"b.db"}"#)
    #expect(await bench.run(source: source(bench, "lite", "a.db")).outcome == .failed)
  }

  @Test func `an identity replaces what the database says of itself`() async throws {
    let bench = try Bench("CREATE TABLE t (id INTEGER); INSERT INTO t VALUES (1)")
    let run = { (path: String, identity: String?) in
      await bench.run(source: source(bench, "shop", path, identity: identity)).outcome
    }
    #expect(await run("a.db", nil) == .done)
    // What one side does not know is not compared: an identity that is new is written down.
    #expect(await run("b.db", "crm") == .done)
    #expect(await run("c.db", "crm") == .done)
    #expect(await run("c.db", "erp") == .failed)
    #expect(await run("d.db", nil) == .done)
    #expect(await run("e.db", nil) == .failed)
  }
}

/// The same with real servers.
@Suite(.enabled(if: PostgresCluster.isInstalled, "Postgres is not installed"))
struct PostgresOriginTests {
  private func source(
    _ cluster: PostgresCluster,
    _ database: String,
    host: String = "127.0.0.1",
    user: String = "postgres"
  ) -> PostgresSource {
    let ports = host.split(separator: ",").map { _ in String(cluster.port) }
    return PostgresSource(
      name: "warehouse",
      parameters: [
        ("host", Secret(host)), ("port", Secret(ports.joined(separator: ","))),
        ("dbname", Secret(database)), ("user", Secret(user)), ("sslmode", Secret("disable")),
      ],
      session: []
    )
  }

  private func bench() throws -> Bench {
    let bench = try Bench()
    bench.sql = "SELECT 1 AS id"
    return bench
  }

  @Test func `another database of the same server stops`() async throws {
    let cluster = try #require(PostgresCluster.shared)
    let (first, second) = (cluster.makeDatabase(), cluster.makeDatabase())
    let bench = try bench()
    #expect(await bench.run(source: source(cluster, first)).outcome == .done)
    let report = await bench.run(source: source(cluster, second))
    #expect(report.outcome == .failed)
    #expect(report.error?.message.contains("database '\(first)', now '\(second)'") == true)
    #expect(await bench.run(source: source(cluster, first)).outcome == .done)
  }

  @Test func `a new host asks once, one of several that are configured never`() async throws {
    let cluster = try #require(PostgresCluster.shared)
    let database = cluster.makeDatabase()
    let bench = try bench()
    #expect(await bench.run(source: source(cluster, database)).outcome == .done)
    let moved = await bench.run(source: source(cluster, database, host: "localhost"))
    #expect(moved.outcome == .failed)
    #expect(moved.error?.message.contains("same system identifier") == true)
    // A failover: the new host stands beside a known one, and is known from then on.
    let both = source(cluster, database, host: "localhost,127.0.0.1")
    #expect(await bench.run(source: both).outcome == .done)
    #expect(await bench.run(source: source(cluster, database, host: "localhost")).outcome == .done)
  }

  @Test func `another server stops although database and host are called the same`() async throws {
    let first = try #require(PostgresCluster.shared)
    let second = try #require(PostgresCluster.start())
    let bench = try bench()
    #expect(await bench.run(source: source(first, "postgres")).outcome == .done)
    let report = await bench.run(source: source(second, "postgres"))
    #expect(report.outcome == .failed)
    #expect(report.error?.message.contains("system identifier") == true)
  }

  @Test func `a role that may not ask for the identifier still knows name and hosts`() async throws
  {
    let cluster = try #require(PostgresCluster.start())
    cluster.run(
      "REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC; CREATE ROLE humble LOGIN"
    )
    let bench = try bench()
    let humble = source(cluster, "postgres", user: "humble")
    #expect(await bench.run(source: humble).outcome == .done)
    let state = try await StateFile.open(path: bench.statePath, mode: .report)
    let known = try await state.meta().source ?? ""
    #expect(!known.contains("system_identifier") && known.contains("\"database\":\"postgres\""))
    // The superuser learns more, and what is new is written down.
    #expect(await bench.run(source: source(cluster, "postgres")).outcome == .done)
    #expect(try await state.meta().source?.contains("system_identifier") == true)
    #expect(
      await bench.run(source: source(cluster, "template1", user: "humble")).outcome == .failed
    )
  }
}
