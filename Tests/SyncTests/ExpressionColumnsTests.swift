import Reports
import Settings
import TestSupport
import Testing

/// `data.v` alone is written from the record, `@ | data.v` by way of a value: both come to the same.
@Suite struct ExpressionColumnsTests {
  private static let body = "[data.v, (@ | data.v), [{w: data.v}], [{w: (@ | data.v)}], previous.v]"

  /// Checks that the message repeats itself.
  private func check(_ value: String?, _ what: String) throws {
    let value = try #require(value)
    let frame = #"[,,[{"w":}],[{"w":}],null]"#.utf8.count
    let column = String(
      decoding: value.utf8.dropFirst().prefix((value.utf8.count - frame) / 4),
      as: UTF8.self
    )
    let wanted = "[\(column),\(column),[{\"w\":\(column)}],[{\"w\":\(column)}],null]"
    #expect(Array(value.utf8) == Array(wanted.utf8), "\(what)")
  }

  private func check(cast: CastType?) async throws {
    let rows = HostileRowsTests.values.map { "(\($0))" }.joined(separator: ", ")
    let bench = try Bench(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, v); INSERT INTO t (v) VALUES \(rows)"
    )
    if let cast { bench.types = ["v": cast] }
    bench.each { $0.body = .jmespath(Located(Self.body)) }
    let report = await bench.run()
    #expect(report.error == nil)
    let messages = bench.sink.takeMessages()
    #expect(!messages.isEmpty)
    for message in messages { try check(message.value, "\(cast.map { "\($0)" } ?? "no cast")") }
  }

  @Test func `of SQLite`() async throws { try await check(cast: nil) }

  @Test(arguments: CastType.allCases) func `of SQLite, cast`(_ cast: CastType) async throws {
    try await check(cast: cast)
  }

  @Test(.enabled(if: PostgresCluster.isInstalled, "no Postgres here"))
  func `of Postgres`() async throws {
    let database = try PostgresBench().database
    for value in HostileRowsTests.postgresValues {
      let postgres = try PostgresBench(database: database)
      postgres.bench.each { $0.body = .jmespath(Located(Self.body)) }
      let report = await postgres.run("SELECT 1 AS id, \(value) AS v")
      #expect(report.error == nil, "\(value)")
      for message in postgres.bench.sink.takeMessages() { try check(message.value, value) }
    }
  }
}
