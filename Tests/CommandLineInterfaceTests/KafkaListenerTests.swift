import CommandLineInterface
import Foundation
import TestSupport
import Testing

/// One listener of the real broker after the other, as a user meets them: by `sluice.yml`.
@Suite(.enabled(if: KafkaKit.location != nil, "no real Kafka here"))
struct KafkaListenerTests {
  private let kit: KafkaKit

  init() async throws {
    kit = try #require(await KafkaKit.start())
    await kit.startTokenEndpoint()
  }

  /// A way in that works, and the ways that must not.
  struct Case: CustomTestStringConvertible {
    let name: String
    /// The kit's variable with the listener's address.
    let listener: String
    /// The keys of the destination; `${…}` are the kit's variables.
    let keys: String
    /// What is written over the kit's variables to make it fail, and what is then said.
    var wrong: [(variables: [String: String], said: String)] = []
    /// How many warnings the configuration deserves.
    var warnings = 0

    var testDescription: String { name }
  }

  private static let password = "${KAFKA_PASSWORD}"
  private static let badPassword = [
    (variables: ["KAFKA_PASSWORD": "wr0ng-s3cr3t"], said: "Authentication failed")
  ]

  static let cases: [Case] = [
    Case(name: "clear", listener: "KAFKA_BOOTSTRAP", keys: "tls: false"),
    Case(
      name: "plain-clear",
      listener: "KAFKA_SASL_PLAINTEXT",
      keys: "tls: false\nsasl: {mechanism: plain, username: sluice, password: \(password)}",
      wrong: badPassword,
      warnings: 1
    ),
    Case(
      name: "scram-clear",
      listener: "KAFKA_SASL_PLAINTEXT",
      keys: "tls: false\nsasl: {mechanism: scram-sha-512, username: sluice, password: \(password)}",
      wrong: badPassword,
      warnings: 1
    ),
    Case(
      name: "plain-tls",
      listener: "KAFKA_SASL_SSL",
      keys: "ca: ${KAFKA_CA}\nsasl: {mechanism: plain, username: sluice, password: \(password)}",
      wrong: badPassword + [(["KAFKA_CA": "${KAFKA_UNKNOWN_CA}"], "certificate")]
    ),
    Case(
      name: "plain-tls-unverified",
      listener: "KAFKA_SASL_SSL",
      keys:
        "tls: {verify: false}\nsasl: {mechanism: plain, username: sluice, password: \(password)}",
      warnings: 1
    ),
    Case(
      name: "scram-256-tls",
      listener: "KAFKA_SASL_SSL",
      keys:
        "ca: \"${file:${KAFKA_CA}}\"\nsasl: {mechanism: scram-sha-256, username: sluice, password: \(password)}",
      wrong: badPassword
    ),
    Case(
      name: "scram-512-tls-hostile",
      listener: "KAFKA_SASL_SSL",
      keys:
        "ca: ${KAFKA_CA}\nsasl: {mechanism: scram-sha-512, username: \"${KAFKA_HOSTILE_USER}\", password: \"${KAFKA_HOSTILE_PASSWORD}\"}",
      wrong: [(["KAFKA_HOSTILE_PASSWORD": "wr0ng-s3cr3t"], "Authentication failed")]
    ),
    Case(
      name: "scram-256-lenient",
      listener: "KAFKA_SCRAM_LENIENT",
      keys:
        "ca: ${KAFKA_CA}\nsasl: {mechanism: scram-sha-256, username: sluice, password: \(password)}",
      wrong: badPassword
    ),
    Case(
      name: "mutual-tls",
      listener: "KAFKA_SSL",
      keys:
        "ca: ${KAFKA_CA}\ncertificate: ${KAFKA_CLIENT_CERT}\nprivate_key: ${KAFKA_CLIENT_KEY}",
      wrong: [
        (
          [
            "KAFKA_CLIENT_CERT": "${KAFKA_UNKNOWN_CERT}",
            "KAFKA_CLIENT_KEY": "${KAFKA_UNKNOWN_KEY}",
          ],
          "certificate"
        ),
        (["KAFKA_CLIENT_KEY": "${KAFKA_UNKNOWN_KEY}"], "private_key"),
      ]
    ),
    Case(
      name: "oidc",
      listener: "KAFKA_OAUTH",
      keys: """
        ca: ${KAFKA_CA}
        sasl:
          mechanism: oauthbearer
          token_endpoint: ${KAFKA_OIDC_TOKEN_ENDPOINT}
          client_id: ${KAFKA_OIDC_CLIENT_ID}
          client_secret: ${KAFKA_OIDC_CLIENT_SECRET}
          scope: ${KAFKA_OIDC_SCOPE}
        """,
      wrong: [(["KAFKA_OIDC_CLIENT_SECRET": "wr0ng-s3cr3t"], "the token endpoint gives no token")]
    ),
    Case(
      name: "msk-iam",
      listener: "KAFKA_MSK_IAM",
      keys: """
        ca: ${KAFKA_CA}
        sasl:
          mechanism: aws-iam
          region: ${MSK_REGION}
          access_key_id: ${MSK_ACCESS_KEY_ID}
          secret_access_key: ${MSK_SECRET_ACCESS_KEY}
        """,
      wrong: [(["MSK_SECRET_ACCESS_KEY": "wr0ng-s3cr3t"], "invalid_token")]
    ),
    Case(
      name: "msk-iam-temporary",
      listener: "KAFKA_MSK_IAM",
      keys: """
        ca: ${KAFKA_CA}
        sasl:
          mechanism: aws-iam
          region: ${MSK_REGION}
          access_key_id: ${MSK_TEMPORARY_ACCESS_KEY_ID}
          secret_access_key: ${MSK_TEMPORARY_SECRET_ACCESS_KEY}
          session_token: ${MSK_TEMPORARY_SESSION_TOKEN}
        """
    ),
    Case(
      name: "aws",
      listener: "KAFKA_AWS_IAM",
      keys: """
        ca: ${KAFKA_CA}
        sasl:
          mechanism: aws-iam
          access_key_id: ${MSK_ACCESS_KEY_ID}
          secret_access_key: ${MSK_SECRET_ACCESS_KEY}
          authorization_identity: ${AWS_IDENTITY}
        """,
      wrong: [(["MSK_SECRET_ACCESS_KEY": "wr0ng-s3cr3t"], "Authentication failed")]
    ),
  ]

  /// A project that sends to `topic` through the listener of `test`.
  static func project(
    _ test: Case,
    _ kit: KafkaKit,
    topic: String
  ) async throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    _ = await folder.run("init --quiet")
    let keys = test.keys.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
    try folder.write(
      """
      sources: {shop: {type: sqlite, path: demo/shop.db}}
      destinations:
        events:
          type: kafka
          brokers: ${BROKER}
          timeouts: {connect: 5min}
      \(keys.replacingOccurrences(of: "${file:${KAFKA_CA}}", with: "${file:\(kit["KAFKA_CA"])}"))
      """,
      to: "sluice.yml"
    )
    let sync = "model: customers\ntopic: \(topic)\nkey: {column: id}\n"
    try folder.write(sync, to: "syncs/customers.yml")
    return folder
  }

  private func environment(_ test: Case, _ changes: [String: String] = [:]) -> [String: String] {
    var variables = kit.variables
    for (name, value) in changes {
      let isReference = value.hasPrefix("${")
      variables[name] = isReference ? kit[String(value.dropFirst(2).dropLast())] : value
    }
    variables["BROKER"] = kit[test.listener]
    return variables
  }

  @Test(arguments: cases)
  func `a run delivers, and a wrong login is named`(_ test: Case) async throws {
    let topic = "listener-\(test.name)"
    await kit.makeTopic(topic, partitions: 1)
    let folder = try await Self.project(test, kit, topic: topic)
    for (changes, said) in test.wrong {
      let variables = environment(test, changes)
      let outcome = await folder.run("run", environment: variables)
      #expect([.failed, .configuration].contains(outcome.code))
      #expect(outcome.errors.contains(said), "\(outcome.errors)")
      #expect(!outcome.errors.contains("s3cr3t"))
      let check = await folder.run("check --connect", environment: variables)
      #expect([.failed, .configuration].contains(check.code))
      #expect((check.output + check.errors).contains(said), "\(check.output)\(check.errors)")
    }
    #expect(await kit.kcat(topic).isEmpty)
    let outcome = await folder.run("run", environment: environment(test))
    #expect(outcome.code == .done, "\(outcome.errors)")
    let warnings = outcome.errors.components(separatedBy: "warning: ").count - 1
    #expect(warnings == test.warnings, "\(outcome.errors)")
    let sent = await kit.kcat(topic, format: "%k\\n")
    #expect(sent.count > 2 && Set(sent).count == sent.count)
    let check = await folder.run("check --connect", environment: environment(test))
    #expect(check.code == .done, "\(check.output)\(check.errors)")
  }
}
