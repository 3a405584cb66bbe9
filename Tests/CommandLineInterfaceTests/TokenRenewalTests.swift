import CommandLineInterface
import Foundation
import TestSupport
import Testing

/// Logins that end while a run goes on.
@Suite(
  .serialized,
  .enabled(
    if: KafkaKit.location != nil && PostgresCluster.isInstalled,
    "no real Kafka or no Postgres here"
  )
)
struct TokenRenewalTests {
  private static let rowCount = 30_000

  /// A run whose query takes its time: a batch every four seconds and a half.
  private func project(_ kit: KafkaKit, _ broker: String, _ keys: String) throws -> TemporaryFolder
  {
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
      SELECT n AS id, (CASE WHEN n % 1000 = 0 THEN pg_sleep(0.45) END)::text AS rest
      FROM generate_series(1, \(Self.rowCount)) n
      """,
      to: "models/slow.sql"
    )
    try folder.write("model: slow\ntopic: renewal\nkey: {column: id}\n", to: "syncs/slow.yml")
    return folder
  }

  private func delivers(_ kit: KafkaKit, _ folder: TemporaryFolder) async throws {
    kit.kafka("topics", "--delete", "--if-exists", "--topic", "renewal")
    kit.kafka("topics", "--create", "--topic", "renewal")
    let started = ContinuousClock.now
    let outcome = await folder.run("run", environment: kit.variables)
    #expect(ContinuousClock.now - started > .seconds(10))
    #expect(outcome.code == .done, "\(outcome.errors)")
    #expect(!outcome.errors.contains("error"), "\(outcome.errors)")
    #expect(!outcome.errors.contains("warning"), "\(outcome.errors)")
    let keys = kit.kcat("renewal", format: "%k\\n").compactMap { Int($0) }
    #expect(keys.sorted() == Array(1...Self.rowCount))
    let times = kit.kcat("renewal", format: "%T\\n").compactMap { Int($0) }
    // Between the first message and the last, logins of three seconds and less came to their ends.
    #expect((times.max() ?? 0) - (times.min() ?? 0) > 3000)
  }

  @Test func `a run outlives its tokens and nobody notices`() async throws {
    // A cluster of its own: others start its token endpoint with other lifetimes.
    let kit = try #require(await KafkaKit.start(["broker.rack=tokens"]))
    kit.script("oidc-up", "--expires-in", "3")
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
      """
    )
    let log = kit.folder + "/oidc/server.log"
    let before = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").count
    try await delivers(kit, folder)
    let after = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").count
    #expect(after - before >= 4, "\(after - before) tokens")
  }

  @Test(arguments: ["plain", "scram-sha-512", "oauthbearer"])
  func `a broker that ends sessions after seconds is only connected to anew`(
    _ mechanism: String
  ) async throws {
    let kit = try #require(await KafkaKit.start(["connections.max.reauth.ms=2500"]))
    let isToken = mechanism == "oauthbearer"
    if isToken { kit.script("oidc-up") }
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
    let folder = try project(kit, isToken ? "KAFKA_OAUTH" : "KAFKA_SASL_SSL", login)
    try await delivers(kit, folder)
  }
}
