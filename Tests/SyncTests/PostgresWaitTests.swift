import Connections
import Sync
import Foundation
import Reports
import Settings
import TestSupport
import Testing

/// Nothing waits for a database without an end, and a signal is heard at once.
@Suite(.enabled(if: PostgresCluster.isInstalled, "Postgres is not installed"))
struct PostgresWaitTests {
  @Test func `a lock ends the run with advice, and the user's own limit counts`() async throws {
    let bench = try PostgresBench("CREATE TABLE t (id int PRIMARY KEY)")
    let (cluster, database) = (bench.cluster, bench.database)
    let holder = Task.detached {
      cluster.run("BEGIN; LOCK t IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(600)", in: database)
    }
    while cluster.run(
      "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted",
      in: database
    ).hasPrefix("0") { await Task.yield() }
    bench.session = [("lock_timeout", "50ms")]
    let report = await bench.run("SELECT id FROM t")
    cluster.run(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(database)'"
        + " AND pid <> pg_backend_pid()"
    )
    _ = await holder.value
    #expect(report.outcome == .failed)
    #expect(report.error?.message.contains("55P03") == true, "\(report.error?.message ?? "")")
    #expect(report.error?.hint?.contains("lock_timeout") == true)
    #expect(report.error?.hint?.contains("run again") == true)
  }

  @Test func `a lock is waited for a minute unless the source says otherwise`() async throws {
    let bench = try PostgresBench()
    let sql = "SELECT current_setting('lock_timeout') AS id"
    await bench.run(sql)
    #expect(bench.bench.sink.takeMessages().map(\.key) == ["1min"])
    bench.session = [("lock_timeout", "3s")]
    await bench.run(sql)
    #expect(bench.bench.sink.takeMessages().compactMap(\.key).contains("3s"))
  }

  @Test func `a run that is interrupted while it connects says so`() async throws {
    let silent = try #require(SocketServer { _ in false })
    let source = PostgresSource(
      name: "warehouse",
      parameters: [
        ("host", Secret("127.0.0.1")), ("port", Secret(String(silent.port))),
        ("connect_timeout", Secret("3600")),
      ],
      session: []
    )
    try await isInterrupted(source, try Bench())
  }

  @Test func `a run that is interrupted behind a lock or in a query says so`() async throws {
    let bench = try PostgresBench()
    bench.bench.sql = "SELECT 1 AS id, pg_sleep(3600)"
    let backends = bench.backends
    try await isInterrupted(bench.source, bench.bench) { await backends.waitForQuery() }
    // The server was asked to stop it as well.
    while bench.backends.queries > 0 { await Task.yield() }
  }

  private func isInterrupted(
    _ source: PostgresSource,
    _ bench: Bench,
    when: @escaping @Sendable () async -> Void = {}
  ) async throws {
    let interruption = RunInterruption()
    let signal = Task.detached {
      await when()
      interruption.request()
    }
    let report = await bench.run(source: source, interruption: interruption)
    await signal.value
    #expect(report.outcome == .interrupted)
    #expect(report.error?.message.contains("interrupted by a signal") == true)
    #expect(report.error?.hint == nil)
  }

  /// What is wrong with a connection, and a word of the advice that fits.
  @Test(arguments: [
    ("dbname", "no_such_database", "psql -l"), ("user", "nobody", "\\du"),
    ("sslmode", "require", "sslmode=disable"), ("host", "no-such-host.invalid", "resolve"),
    ("port", "1", "is the server up"), ("user", "locked", "password: ${…}"),
    ("service", "missing", "PGSERVICEFILE"),
  ])
  func `advice fits the cause`(_ keyword: String, _ value: String, _ advice: String) async throws {
    let cluster = try #require(PostgresCluster.shared)
    let bench = try Bench()
    let parameters = cluster.parameters() + [(keyword: keyword, value: value)]
    let source = PostgresSource(
      name: "warehouse",
      parameters: parameters.map { ($0.keyword, Secret($0.value)) },
      session: []
    )
    let report = await bench.run(source: source)
    #expect(report.outcome == .failed)
    let said = "\(report.error?.message ?? "") \(report.error?.hint ?? "")"
    #expect(said.contains(advice), "\(said)")
  }

  @Test func `an idle transaction that the server ends is told with the setting`() async throws {
    let bench = try PostgresBench()
    bench.session = [("idle_in_transaction_session_timeout", "1ms")]
    let (cluster, database) = (bench.cluster, bench.database)
    let slow = FaultySource(bench.source) {
      while cluster.run(
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'"
          + " AND datname = '\(database)'"
      ).hasPrefix("1") {}
    }
    bench.bench.sql = "SELECT 1 AS id"
    let report = await bench.bench.run(source: slow)
    #expect(report.outcome == .failed)
    #expect(
      report.error?.hint?.contains("idle_in_transaction_session_timeout: 0") == true,
      "\(report.error?.message ?? "") \(report.error?.hint ?? "")"
    )
  }
}
