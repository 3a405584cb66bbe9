import CommandLineInterface
import Foundation
import TestSupport
import Testing

/// Logins that end while a run is in progress.
///
/// The query ends when the test has seen what it waits for, so that no speed of the machine matters.
@Suite(
  .enabled(
    if: KafkaKit.location != nil && PostgresCluster.isInstalled,
    "no real Kafka or no Postgres here"
  )
)
struct TokenRenewalTests {
  /// A batch of rows every quarter of a second, until there is a file `done` beside the project.
  private func project(
    _ kit: KafkaKit,
    _ broker: String,
    _ keys: String,
    topic: String
  ) throws -> TemporaryFolder {
    let cluster = try #require(PostgresCluster.shared)
    let folder = try TemporaryFolder()
    let lines = keys.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
    try folder.write(
      """
      sources: {db: {type: postgres, host: 127.0.0.1, port: \(cluster.port), dbname: postgres,
                     user: postgres}}
      destinations:
        events:
          type: kafka
          brokers: \(kit[broker])
          ca: \(kit["KAFKA_CA"])
      \(lines)
      """,
      to: "sluice.yml"
    )
    try folder.write(
      """
      -- ---
      -- primary_key: id
      -- ---
      WITH RECURSIVE steps (n) AS (
        SELECT 0
        UNION ALL
        SELECT n + 1 FROM steps
        WHERE n < 10000 AND (pg_stat_file('\(folder.path)/done', true)).size IS NULL
      )
      SELECT id, (CASE WHEN id % 10000 = 1 THEN pg_sleep(0.25) END)::text AS rest
      FROM steps, LATERAL generate_series(n * 10000 + 1, (n + 1) * 10000) AS id
      """,
      to: "models/slow.sql"
    )
    try folder.write("model: slow\ntopic: \(topic)\nkey: {column: id}\n", to: "syncs/slow.yml")
    return folder
  }

  /// Runs until `hasSeenEnough` of what the run has written so far, then lets the query end.
  private func deliver(
    _ kit: KafkaKit,
    _ folder: TemporaryFolder,
    topic: String,
    until hasSeenEnough: @escaping @Sendable (String) throws -> Bool
  ) async throws {
    await kit.makeTopic(topic)
    chmod(folder.path, 0o755)
    let errors = MemorySink()
    let path = folder.path
    let watcher = Task {
      while !Task.isCancelled, try !hasSeenEnough(errors.text) {
        try await Task.sleep(for: .milliseconds(50))
      }
      try Data().write(to: URL(fileURLWithPath: path + "/done"))
    }
    let code = await CommandLineInterface.run(
      ["run", "--log-level", "trace"],
      environment: kit.variables,
      currentDirectory: folder.path,
      output: MemorySink(),
      errors: errors
    )
    watcher.cancel()
    _ = await watcher.result
    #expect(try hasSeenEnough(errors.text), "the run ended before")
    #expect(code == .done, "\(errors.text.suffix(2000))")
    let complaints = errors.text.split(separator: "\n").filter {
      $0.contains("Z error ") || $0.contains("Z warning ")
    }
    #expect(complaints == [])
    let keys = await kit.kcat(topic, format: "%k\\n").compactMap { Int($0) }
    #expect(keys.sorted() == Array(1...max(keys.count, 1)))
  }

  @Test func `a run that outlives its tokens fetches new ones`() async throws {
    // A cluster of its own: the tokens of others live longer.
    let kit = try #require(await KafkaKit.start(["broker.rack=tokens"]))
    await kit.startTokenEndpoint(tokensLive: 10)
    let folder = try project(
      kit,
      "KAFKA_OAUTH",
      """
      sasl:
        mechanism: oauthbearer
        token_endpoint: ${KAFKA_OIDC_TOKEN_ENDPOINT}
        client_id: ${KAFKA_OIDC_CLIENT_ID}
        client_secret: ${KAFKA_OIDC_CLIENT_SECRET}
        scope: ${KAFKA_OIDC_SCOPE}
      """,
      topic: "tokens"
    )
    let log = kit.folder + "/oidc/server.log"
    let before = try lines(of: log)
    try await deliver(kit, folder, topic: "tokens") { _ in try lines(of: log) - before >= 3 }
  }

  @Test(arguments: ["plain", "scram-sha-512", "oauthbearer"])
  func `a session that the broker ends is replaced by a new connection`(
    _ mechanism: String
  ) async throws {
    let kit = try #require(await KafkaKit.start(["connections.max.reauth.ms=2500"]))
    let isToken = mechanism == "oauthbearer"
    if isToken { await kit.startTokenEndpoint() }
    let login =
      isToken
      ? """
      sasl:
        mechanism: oauthbearer
        token_endpoint: ${KAFKA_OIDC_TOKEN_ENDPOINT}
        client_id: ${KAFKA_OIDC_CLIENT_ID}
        client_secret: ${KAFKA_OIDC_CLIENT_SECRET}
        scope: ${KAFKA_OIDC_SCOPE}
      """
      : "sasl: {mechanism: \(mechanism), username: sluice, password: \"${KAFKA_PASSWORD}\"}"
    let topic = "sessions-\(mechanism)"
    let broker = isToken ? "KAFKA_OAUTH" : "KAFKA_SASL_SSL"
    let folder = try project(kit, broker, login, topic: topic)
    try await deliver(kit, folder, topic: topic) { log in
      // A connection came up, by librdkafka's own words: at first, and after three ends.
      log.components(separatedBy: " -> UP\n").count
        - log.components(separatedBy: " UPDATE -> UP\n").count >= 4
    }
  }
}

private func lines(of path: String) throws -> Int {
  try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").count
}
