import Foundation
import Postgres
import Rows
import TestSupport
import Testing

@Suite(.enabled(if: PostgresCluster.isInstalled, "Postgres is not installed"))
struct PostgresReaderTests {
  private func reader() throws -> PostgresReader {
    try PostgresReader(parameters: #require(PostgresCluster.shared).parameters())
  }

  @Test func `columns have the database's names and the meaning of their types`() async throws {
    let columns = try await reader().prepare(
      "SELECT 1 AS a, ARRAY[1.5] AS \"B c\", NULL::timestamptz[], '{}'::box[] AS d, now()"
    )
    #expect(columns.map(\.name) == ["a", "B c", "timestamptz", "d", "now"])
    #expect(
      columns.map(\.type.kind) == [
        .integer, .numeric, .timestampWithZone, .text, .timestampWithZone,
      ]
    )
    #expect(columns.map(\.type.arrayDelimiter) == [nil, 44, 44, 59, nil])
    #expect(
      columns.map(\.type.declared) == [
        "integer", "numeric[]", "timestamp with time zone[]", "box[]", "timestamp with time zone",
      ]
    )
  }

  @Test func `a page holds so many rows, and less where they are long`() async throws {
    let reader = try reader()
    let query =
      "SELECT id, repeat('x', CASE WHEN id > 5 THEN 600000 ELSE 1 END)"
      + " FROM generate_series(1, 10) AS id ORDER BY id"
    _ = try await reader.prepare(query)
    try await reader.start(query)
    let page = Page()
    var counts: [Int] = []
    while try await reader.read(into: page, lineCountMax: 4) { counts.append(page.count) }
    #expect(counts == [4, 3, 2, 1])
    #expect(try await reader.read(into: page) == false)
    #expect(page.count == 0)
  }

  @Test func `a cancelled query throws, also when it is asked for before it starts to answer`()
    async throws
  {
    let reader = try reader()
    let query = "SELECT pg_sleep(60)::text FROM generate_series(1, 60)"
    _ = try await reader.prepare(query)
    let cancelling = Task {
      while !Task.isCancelled {
        reader.cancellation.cancel()
        await Task.yield()
      }
    }
    let error = await #expect(throws: PostgresError.self) {
      try await reader.start(query)
      _ = try await reader.read(into: Page())
    }
    cancelling.cancel()
    #expect(error?.code == .cancelled)
    #expect(error?.sqlState == "57014")
  }

  @Test func `which database it is comes from the server, its hosts from the parameters`()
    async throws
  {
    let cluster = try #require(PostgresCluster.shared)
    let database = try await reader().database()
    #expect(database.name == "postgres")
    #expect(database.hosts == ["127.0.0.1:\(cluster.port)"])
    #expect(!database.isInRecovery)
    let identifier = cluster.run("SELECT system_identifier FROM pg_control_system()")
    #expect(database.systemIdentifier == identifier.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  @Test func `the identity says where, not who`() async throws {
    let cluster = try #require(PostgresCluster.shared)
    #expect(try await reader().identity == "127.0.0.1:\(cluster.port)/postgres")
  }

  @Test func `a query is explained without being run`() async throws {
    let reader = try reader()
    _ = try await reader.prepare("SELECT 1")
    let plan = try await reader.explain("SELECT pg_sleep(60); -- never")
    #expect(plan.contains { $0.contains("Result") })
  }

  @Test func `a connection string as the name of a database reaches no message of libpq`() throws {
    let cluster = try #require(PostgresCluster.shared)
    let error = #expect(throws: PostgresError.self) {
      try PostgresReader(
        parameters: cluster.parameters(database: "postgresql://u:sesame@h:x/d")
      )
    }
    // It is the name of a database and nothing else: no part of it becomes a host or a port.
    #expect(error?.message.contains("does not exist") == true, "\(error?.message ?? "")")
  }

  @Test func `a server that does not answer is given up as soon as somebody asks`() async throws {
    let silent = try #require(SocketServer { _ in true })
    let wakeup = Wakeup()
    async let connecting: PostgresReader? = Task.detached {
      try PostgresReader(
        parameters: [
          ("host", "127.0.0.1"), ("port", "\(silent.port)"), ("connect_timeout", "600"),
        ],
        wakeup: wakeup
      )
    }.value
    wakeup.wake()
    do {
      _ = try await connecting
      Issue.record("it connected")
    } catch let error as PostgresError {
      #expect(error.code == .cancelled)
    }
  }
}
