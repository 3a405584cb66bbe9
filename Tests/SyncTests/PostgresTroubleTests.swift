import Connections
import Sync
import Foundation
import Reports
import Settings
import TestSupport
import Testing

@Suite(.enabled(if: PostgresCluster.isInstalled, "Postgres is not installed"))
struct PostgresTroubleTests {
  @Test func `a statement timeout ends the run and says how to raise it`() async throws {
    let bench = try PostgresBench()
    bench.session = [("statement_timeout", "150ms")]
    let report = await bench.run("SELECT id, pg_sleep(1)::text FROM generate_series(1, 60) AS id")
    #expect(report.outcome == .failed)
    #expect(report.error?.message.contains("statement timeout") == true)
    #expect(report.error?.hint?.contains("statement_timeout") == true)
  }

  @Test func `an interruption cancels the query at once`() async throws {
    let bench = try PostgresBench()
    bench.bench.sql = "SELECT id, pg_sleep(60)::text FROM generate_series(1, 60) AS id"
    let interruption = RunInterruption()
    let backends = bench.backends
    let watcher = Task {
      await backends.waitForQuery()
      interruption.request()
    }
    let report = await bench.bench.run(source: bench.source, interruption: interruption)
    await watcher.value
    #expect(report.outcome == .interrupted, "\(report.error?.message ?? "")")
    #expect(backends.queries == 0)
  }

  @Test func `a server that dies midway removes nothing`() async throws {
    let cluster = try #require(PostgresCluster.start())
    let bench = try PostgresBench(
      "CREATE TABLE t AS SELECT id FROM generate_series(1, 20000) AS id",
      cluster: cluster
    )
    #expect(await bench.run("SELECT id FROM t ORDER BY id").counts.sent == 20000)
    _ = bench.bench.arrivals()
    bench.bench.sql =
      "SELECT id FROM t WHERE id < 15000 OR pg_sleep(60) IS NOT NULL ORDER BY id"
    let backends = bench.backends
    let killer = Task {
      await backends.waitForQuery()
      cluster.stopImmediately()
    }
    let report = await bench.run()
    await killer.value
    #expect(report.outcome == .failed)
    #expect(report.error?.message.contains("postgres warehouse") == true)
    #expect(bench.bench.arrivals() == [])
    let down = await bench.run()
    #expect(down.outcome == .failed)
    #expect(down.error?.message.contains("refused") == true, "\(down.error?.message ?? "")")
    #expect(down.error?.hint?.contains("is the server up") == true)
    cluster.startAgain()
    let whole = await bench.run("SELECT id FROM t ORDER BY id")
    #expect(whole.counts.unchanged == 20000, "\(whole.error?.message ?? "")")
    #expect(bench.bench.arrivals() == [])
    cluster.stopImmediately()
  }

  @Test func `a backend that is terminated is a failure of the server, not of the model`()
    async throws
  {
    let bench = try PostgresBench()
    bench.bench.sql = "SELECT id, pg_sleep(60)::text FROM generate_series(1, 60) AS id"
    let backends = bench.backends
    let killer = Task {
      await backends.waitForQuery()
      backends.cluster.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'COPY%'"
          + " AND datname = '\(backends.database)'"
      )
    }
    let report = await bench.run()
    await killer.value
    #expect(report.outcome == .failed)
    #expect(report.error?.message.contains("terminat") == true, "\(report.error?.message ?? "")")
  }

  @Test func `a wrong password and an unknown role are told apart, and never shown`() async throws {
    let bench = try PostgresBench()
    bench.user = "locked"
    bench.password = "hunter2-secret"
    let wrong = await bench.run("SELECT 1 AS id")
    #expect(wrong.outcome == .failed)
    #expect(wrong.error?.message.contains("password authentication failed") == true)
    #expect(wrong.error?.hint?.contains("password") == true)
    #expect("\(wrong)".contains("hunter2-secret") == false)
    bench.password = nil
    let missing = await bench.run()
    let told = missing.error?.message ?? ""
    #expect(told.contains("no password supplied"), "\(told)")
    #expect(missing.error?.hint?.contains("password") == true)
    bench.user = "nobody"
    let unknown = await bench.run()
    #expect(unknown.outcome == .failed)
    #expect(unknown.error?.message.contains("\"nobody\" does not exist") == true)
  }

  @Test func `a database or host that is not there is named`() async throws {
    let bench = try Bench()
    let cluster = try #require(PostgresCluster.shared)
    bench.sql = "SELECT 1 AS id"
    let report = await bench.run(source: PostgresSource.test(cluster, "no_such_database"))
    #expect(report.outcome == .failed)
    #expect(report.error?.message.contains("no_such_database") == true)
    let nowhere = PostgresSource(
      name: "warehouse",
      parameters: [
        ("host", Secret("127.0.0.1")), ("port", Secret("1")), ("password", Secret("pa55")),
      ],
      session: []
    )
    let refused = await bench.run(source: nowhere)
    #expect(refused.outcome == .failed)
    #expect(refused.error?.message.contains("refused") == true)
    #expect("\(refused)".contains("pa55") == false)
  }

  @Test func `a server that accepts and then says nothing is given up`() async throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(listener) }
    #expect(listen(listener, 8) == 0)
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = getsockname(listener, $0, &length)
      }
    }
    let silent = PostgresSource(
      name: "warehouse",
      parameters: [
        ("host", Secret("127.0.0.1")), ("connect_timeout", Secret("2")),
        ("port", Secret(String(UInt16(bigEndian: address.sin_port)))),
      ],
      session: []
    )
    let report = try await Bench().run(source: silent)
    #expect(report.outcome == .failed)
    #expect(report.error?.message.contains("timeout expired") == true)
  }

  @Test func `many notices and a slow first row do no harm`() async throws {
    let bench = try PostgresBench(
      "CREATE FUNCTION noisy(i int) RETURNS int LANGUAGE plpgsql AS $$"
        + " BEGIN RAISE WARNING 'row %', i; RETURN i; END $$"
    )
    let report = await bench.run("SELECT noisy(id) AS id FROM generate_series(1, 2000) AS id")
    #expect(report.counts.sent == 2000)
  }
}

extension PostgresBench {
  var backends: Backends { Backends(cluster: cluster, database: database) }
}

/// The sessions of one database, seen from another.
struct Backends: Sendable {
  let cluster: PostgresCluster
  let database: String

  /// How many COPYs run.
  var queries: Int {
    let answer = cluster.run(
      "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'COPY (%'"
        + " AND datname = '\(database)'"
    )
    return Int(answer.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
  }

  func waitForQuery() async {
    while queries == 0, !Task.isCancelled { await Task.yield() }
  }
}
