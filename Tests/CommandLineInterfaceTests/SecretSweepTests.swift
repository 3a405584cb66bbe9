import Foundation
import TestSupport
import Testing

/// Every way in which a source or a destination carries a secret, and everything that is said.
@Suite(.enabled(if: PostgresCluster.isInstalled, "Postgres is not installed"))
struct SecretSweepTests {
  /// Long enough for pieces, and with what URIs, YAML, JSON and libpq each take for their own.
  private static let secret = "s3cr3t-Fir$t@tail/77?mid=#dle-%-\"last'0ne"

  /// A place for a secret; `SECRET` in it is a reference to it, `ENCODED` to its encoded form.
  struct Way: CustomTestStringConvertible, Sendable {
    var name: String
    var source = "type: sqlite, path: shop.db"
    var destination = "type: kafka, brokers: embedded"
    /// The model's query.
    var sql = "SELECT 1 AS id"
    /// Whether each command waits for brokers that are not there.
    var isSlow: Bool { !destination.contains("embedded") }
    var testDescription: String { name }
  }

  private static let sources: [Way] = [
    ("url, not encoded", "url: \"postgresql://locked:${SECRET}@127.0.0.1:PORT/postgres\""),
    ("whole url, not encoded", "url: \"${OPEN_URL}\""),
    ("whole url, encoded", "url: \"${ENCODED_URL}\""),
    ("key=value, not quoted", "url: \"host=127.0.0.1 port=PORT password=${SECRET} user=locked\""),
    ("key=value, no blank", "url: \"host=127.0.0.1 port=PORTpassword=${PLAIN} user=locked\""),
    ("key=value, quoted", "url: \"host=127.0.0.1 port=PORT user=locked password='${QUOTED}'\""),
    ("parameter of the url", "url: \"postgresql://locked@127.0.0.1:PORT/d?password=${ENCODED}\""),
    ("unknown parameter", "url: \"postgresql://locked@127.0.0.1:PORT/d?pass=${ENCODED}\""),
    ("sslpassword of the url", "url: \"postgresql://u@127.0.0.1:PORT/d?sslpassword=${ENCODED}\""),
    ("password", "host: 127.0.0.1, port: PORT, dbname: d, user: locked, password: \"${SECRET}\""),
    ("file", "host: 127.0.0.1, port: PORT, dbname: d, user: locked, password: \"${file:pw}\""),
    ("literal", "host: 127.0.0.1, port: PORT, dbname: d, user: locked, password: LITERAL"),
    (
      "sslpassword",
      "host: 127.0.0.1, port: PORT, dbname: d, user: locked, sslpassword: \"${SECRET}\""
    ),
    ("sslkey", "host: 127.0.0.1, port: PORT, dbname: d, sslmode: require, sslkey: \"${SECRET}\""),
    ("options", "host: 127.0.0.1, port: PORT, dbname: postgres, options: \"${SECRET}\""),
  ].map { Way(name: $0.0, source: "type: postgres, " + $0.1) }

  private static let surfacing = Way(
    name: "session, surfacing in an error",
    source: "type: postgres, host: 127.0.0.1, port: PORT, dbname: postgres, user: postgres, "
      + "session: {app.token: \"${SECRET}\"}",
    sql: "SELECT current_setting('app.token')::int AS id"
  )

  private static let destinations: [Way] = [
    ("sasl password", "sasl: {mechanism: plain, username: u, password: \"${SECRET}\"}"),
    ("scram", "sasl: {mechanism: scram-sha-512, username: u, password: \"${SECRET}\"}"),
    (
      "client secret",
      "sasl: {mechanism: oauthbearer, token_endpoint: \"http://127.0.0.1:1/t\", client_id: c, "
        + "client_secret: \"${SECRET}\"}"
    ),
    ("token", "sasl: {mechanism: oauthbearer, token: \"${SECRET}\"}"),
    (
      "aws keys",
      "tls: true, sasl: {mechanism: aws-iam, region: eu-west-1, access_key_id: AKIAX, "
        + "secret_access_key: \"${SECRET}\", session_token: \"${SECRET}\"}"
    ),
    ("property", "properties: {client.rack: \"${SECRET}\"}"),
    ("refused property", "properties: {ssl.key.password: \"${SECRET}\"}"),
    ("wrong property", "properties: {linger.ms: \"${SECRET}\"}"),
    (
      "private key",
      "tls: true, certificate: pw, private_key: \"-----BEGIN PRIVATE KEY-----${SECRET}\""
    ),
    (
      "private key's password",
      "tls: true, certificate: pw, private_key: {file: pw, password: \"${SECRET}\"}"
    ),
  ].map { name, keys in
    let clear = keys.hasPrefix("tls") ? "" : "tls: false, "
    return Way(
      name: name,
      destination: "type: kafka, brokers: \"127.0.0.1:1\", timeouts: {connect: 1s, delivery: 1s}, "
        + clear + keys
    )
  }

  private static let lines = [
    "check", "check --output json", "check --connect", "check --connect --output json", "plan",
    "plan --output json", "run", "run --output json --log-format json", "backfill customers",
    "status", "status --output json", "runs", "runs --output json", "errors customers",
    "errors customers --output json", "messages customers", "messages customers --output json",
    "inspect customers", "inspect customers --output json", "state info customers", "test",
    "recover customers --adopt", "crontab", "doctor", "doctor --output json",
  ]

  private static let fewLines = [
    "check --output json", "check --connect", "plan --output json",
    "run --output json --log-format json", "runs --output json", "state info customers", "doctor",
    "doctor --output json",
  ]

  private static let literal = secret.filter { !"'\"".contains($0) }

  @Test(arguments: sources + [surfacing] + destinations)
  func `no output and no file holds a secret or a piece of one`(_ way: Way) async throws {
    let cluster = try #require(PostgresCluster.shared)
    let encoded = Self.percent(Self.secret)
    let files = [
      "sluice.yml": """
      sources: {db: {\(way.source)}}
      destinations: {events: {\(way.destination)}}
      """.replacingOccurrences(of: "PORT", with: String(cluster.port))
        .replacingOccurrences(of: "LITERAL", with: "'\(Self.literal)'"),
      "models/customers.sql": "-- ---\n-- primary_key: id\n-- ---\n\(way.sql)",
      "syncs/customers.yml": "model: customers\ntopic: t\nkey: {column: id}",
      "pw": Self.secret,
    ]
    let folder = try TemporaryFolder(files)
    try folder.makeDatabase()
    let variables = [
      "SECRET": Self.secret, "ENCODED": encoded, "PLAIN": Self.secret,
      "QUOTED": Self.secret.replacingOccurrences(of: "'", with: "\\'"),
      "OPEN_URL": "postgresql://locked:\(Self.secret)@127.0.0.1:\(cluster.port)/postgres",
      "ENCODED_URL": "postgresql://locked:\(encoded)@127.0.0.1:\(cluster.port)/postgres",
    ]
    var said = ""
    for line in way.isSlow ? Self.fewLines : Self.lines {
      let outcome = await folder.run("\(line) --log-level trace", environment: variables)
      said += outcome.output + outcome.errors
    }
    said += SecrecyTests.states(folder)
    #expect(said.contains("sluice.yml:") || said.contains(" trace "))
    for piece in Self.pieces where said.contains(piece) {
      Issue.record("\(piece) is shown")
      break
    }
  }

  /// Every piece of 12 characters of every form that the secret can appear in.
  private static let pieces: Set<String> = {
    let json = secret.replacingOccurrences(of: "\"", with: "\\\"")
    let base64 = Data(secret.utf8).base64EncodedString()
    var result: Set<String> = []
    for form in [secret, literal, json, percent(secret), base64] {
      let characters = Array(form)
      for start in 0...(characters.count - 12) {
        result.insert(String(characters[start..<start + 12]))
      }
    }
    return result
  }()

  private static func percent(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
  }
}

extension TemporaryFolder {
  /// An empty SQLite database for sources that are none of Postgres.
  fileprivate func makeDatabase() throws {
    _ = FileManager.default.createFile(atPath: path + "/shop.db", contents: nil)
  }
}
