import TestSupport
import Testing

/// A mistake that people make with a cluster, and what Sluice says of it.
struct Mistake: CustomTestStringConvertible {
  /// What makes it.
  let name: String
  /// The kit's variable with the address, or the address itself.
  var broker = ""
  /// The keys of the destination; `${…}` are the kit's variables.
  let keys: String
  /// What `run` and `check --connect` say, in the words of docs/kafka.md.
  let said: String
  /// What `check --connect` says where that differs.
  var checked: String?
  /// How long the run tries, as `timeouts` says it: long where an answer is expected, so that a
  /// busy machine gives it too.
  var timeout = "30s"

  var testDescription: String { name }

  private static let password = "${KAFKA_PASSWORD}"
  private static let plain =
    "sasl: {mechanism: plain, username: sluice, password: \"\(password)\"}"
  private static let ca = "ca: ${KAFKA_CA}\n"

  private static func iam(_ region: String) -> String {
    """
    ca: ${KAFKA_CA}
    sasl:
      mechanism: aws-iam
      region: \(region)
      access_key_id: ${MSK_ACCESS_KEY_ID}
      secret_access_key: ${MSK_SECRET_ACCESS_KEY}
    """
  }

  /// Those that a listener of the kit, or nothing at all, is enough for.
  static let all: [Mistake] = [
    Mistake(
      name: "misspelt host",
      broker: "nowhere.invalid:9092",
      keys: "tls: false",
      said: "X has no address",
      timeout: "2s"
    ),
    Mistake(
      name: "wrong port",
      broker: "127.0.0.1:1",
      keys: "tls: false",
      said: "no TCP connection to X: Connection refused",
      timeout: "2s"
    ),
    Mistake(
      name: "TLS to a port in clear",
      broker: "KAFKA_SASL_PLAINTEXT",
      keys: plain,
      said: "the connection was closed at the first bytes of TLS"
    ),
    Mistake(
      name: "clear to a port with TLS",
      broker: "KAFKA_SASL_SSL",
      keys: "tls: false\n\(plain)",
      said: "the listener speaks TLS"
    ),
    Mistake(
      name: "clear to a port with TLS, no login",
      broker: "KAFKA_SSL",
      keys: "tls: false",
      said: "the listener speaks TLS"
    ),
    Mistake(
      name: "unknown authority",
      broker: "KAFKA_SASL_SSL",
      keys: "ca: ${KAFKA_UNKNOWN_CA}\n\(plain)",
      said: "certificate is refused: self-signed certificate in certificate chain"
    ),
    Mistake(
      name: "unknown authority, through the relay",
      broker: "KAFKA_SASL_SSL",
      keys:
        "sasl: {mechanism: scram-sha-256, username: sluice, password: \"\(password)\"}",
      said: "certificate is refused: self-signed certificate in certificate chain"
    ),
    Mistake(
      name: "no client certificate",
      broker: "KAFKA_SSL",
      keys: ca,
      said: "refuses this client's certificate, or wants one"
    ),
    Mistake(
      name: "expired client certificate",
      broker: "KAFKA_SSL",
      keys: ca + "certificate: ${KAFKA_EXPIRED_CERT}\nprivate_key: ${KAFKA_EXPIRED_KEY}",
      said: "refuses this client's certificate, or wants one"
    ),
    Mistake(
      name: "client certificate of an unknown authority",
      broker: "KAFKA_SSL",
      keys: ca + "certificate: ${KAFKA_UNKNOWN_CERT}\nprivate_key: ${KAFKA_UNKNOWN_KEY}",
      said: "refuses this client's certificate, or wants one"
    ),
    Mistake(
      name: "key of another certificate",
      broker: "KAFKA_SSL",
      keys: ca + "certificate: ${KAFKA_CLIENT_CERT}\nprivate_key: ${KAFKA_UNKNOWN_KEY}",
      said: "private_key: does not belong to the certificate"
    ),
    Mistake(
      name: "wrong mechanism",
      broker: "KAFKA_OAUTH",
      keys: ca + plain,
      said: "the listener does not offer X"
    ),
    Mistake(
      name: "wrong mechanism, through the relay",
      broker: "KAFKA_OAUTH",
      keys: ca + "sasl: {mechanism: scram-sha-512, username: sluice, password: \"\(password)\"}",
      said: "the listener does not offer X"
    ),
    Mistake(
      name: "a login nobody asked for",
      broker: "KAFKA_BOOTSTRAP",
      keys: "tls: false\n\(plain)",
      said: "the listener wants no SASL login"
    ),
    Mistake(
      name: "no login",
      broker: "KAFKA_SASL_PLAINTEXT",
      keys: "tls: false",
      said: "the broker closed the connection"
    ),
    Mistake(
      name: "wrong password",
      broker: "KAFKA_SASL_SSL",
      keys: ca + "sasl: {mechanism: plain, username: sluice, password: wr0ng-s3cr3t}",
      said: "Authentication failed"
    ),
    Mistake(
      name: "unknown user",
      broker: "KAFKA_SASL_SSL",
      keys: ca + "sasl: {mechanism: scram-sha-512, username: nobody, password: wr0ng-s3cr3t}",
      said: "Authentication failed"
    ),
    Mistake(
      name: "wrong password at a lenient listener",
      broker: "KAFKA_SCRAM_LENIENT",
      keys: ca + "sasl: {mechanism: scram-sha-256, username: sluice, password: wr0ng-s3cr3t}",
      said: "Authentication failed"
    ),
    Mistake(
      name: "no token of this cluster",
      broker: "KAFKA_OAUTH",
      keys: ca + "sasl: {mechanism: oauthbearer, token: \"wr0ng.s3cr3t.token\"}",
      said: #"{"status":"invalid_token"}"#
    ),
    Mistake(
      name: "another region",
      broker: "KAFKA_MSK_IAM",
      keys: iam("mars-north-1"),
      said: #"{"status":"invalid_token"}"#
    ),
    Mistake(
      name: "wrong client secret",
      broker: "KAFKA_OAUTH",
      keys: """
        ca: ${KAFKA_CA}
        sasl:
          mechanism: oauthbearer
          token_endpoint: ${KAFKA_OIDC_TOKEN_ENDPOINT}
          client_id: ${KAFKA_OIDC_CLIENT_ID}
          client_secret: wr0ng-s3cr3t
        """,
      said: "the token endpoint gives no token"
    ),
    Mistake(
      name: "a command that prints no token",
      broker: "KAFKA_OAUTH",
      keys: ca + "sasl: {mechanism: oauthbearer, command: exit 3}",
      said: "the command for the token failed"
    ),
    Mistake(
      name: "no keys in the profile",
      broker: "KAFKA_MSK_IAM",
      keys: ca + "sasl: {mechanism: aws-iam, region: us-east-1, profile: nowhere-at-all}",
      said: "no AWS keys"
    ),
  ]
}
