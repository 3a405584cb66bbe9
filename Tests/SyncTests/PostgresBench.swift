import Connections
import Sync
import Reports
import Settings
import TestSupport
import Testing

/// One sync over a database of its own in the private cluster.
final class PostgresBench {
  let cluster: PostgresCluster
  let database: String
  let bench: Bench
  var user = "postgres"
  var password: String?
  var session: [(String, String)] = []

  init(_ setUp: String = "", options: String = "", cluster: PostgresCluster? = nil) throws {
    self.cluster = try #require(cluster ?? PostgresCluster.shared)
    database = self.cluster.makeDatabase(setUp, options: options)
    bench = try Bench()
  }

  /// Over a database that several tests read.
  init(database: String) throws {
    cluster = try #require(PostgresCluster.shared)
    self.database = database
    bench = try Bench()
  }

  var source: PostgresSource {
    PostgresSource.test(cluster, database, user: user, password: password, session: session)
  }

  func sql(_ text: String) { cluster.run(text, in: database) }

  @discardableResult
  func run(_ query: String? = nil) async -> RunReport {
    if let query { bench.sql = query }
    return await bench.run(source: source)
  }

  func send(_ expressions: [String], _ casts: [CastType?] = []) async throws -> [String] {
    let examples = expressions.map { TypeExample(expression: $0) }
    return try await TypeExample.send(examples, from: source, bench).map(\.member)
  }
}
