import Foundation

/// Mistakes that need a server or a cluster of their own; where `broker` is a host, its port is
/// known when that runs.
extension Mistake {
  /// Certificates out of their time or for others, with their dates and host.
  static let certificates: [(Mistake, String, String, String)] = [
    (
      Mistake(
        name: "expired certificate",
        broker: "localhost",
        keys: "ca: ${KAFKA_CA}",
        said: "certificate is refused: certificate has expired"
      ),
      "20200101000000Z", "20210101000000Z", "localhost"
    ),
    (
      Mistake(
        name: "certificate of the future",
        broker: "localhost",
        keys: "ca: ${KAFKA_CA}",
        said: "certificate is refused: certificate is not yet valid"
      ),
      "20900101000000Z", "20910101000000Z", "localhost"
    ),
    (
      Mistake(
        name: "certificate of another host",
        broker: "localhost",
        keys: "ca: ${KAFKA_CA}",
        said: "certificate is refused: hostname mismatch"
      ),
      "20200101000000Z", "20910101000000Z", "elsewhere.test"
    ),
    (
      Mistake(
        name: "address instead of a name",
        broker: "127.0.0.1",
        keys: "ca: ${KAFKA_CA}",
        said: "certificate is refused: IP address mismatch"
      ),
      "20200101000000Z", "20910101000000Z", "localhost"
    ),
    (
      Mistake(
        name: "unknown authority that is not sent along",
        broker: "localhost",
        keys: "ca: ${KAFKA_UNKNOWN_CA}",
        said: "certificate is refused: unable to get local issuer certificate"
      ),
      "20200101000000Z", "20910101000000Z", "localhost"
    ),
  ]

  /// A host that drops everything, or takes connections and then hangs.
  static let silence = ["tls: false", "ca: ${KAFKA_CA}"].map {
    Mistake(name: "silence", keys: $0, said: "no answer in time", timeout: "2s")
  }

  /// Something that speaks HTTP.
  static let webServer = Mistake(
    name: "web server",
    keys: "tls: false",
    said: "this is not a Kafka broker"
  )
  /// The same, spoken to with TLS.
  static let webServerByTLS = Mistake(
    name: "web server by TLS",
    keys: "ca: ${KAFKA_CA}",
    said: "does not speak TLS"
  )

  private static let scram =
    "tls: false\nsasl: {mechanism: scram-sha-256, username: u, password: wr0ng-s3cr3t}"

  /// A broker that would make a password easy to guess.
  static let cheapIterations = Mistake(
    name: "few iterations",
    keys: scram,
    said: "asks for N SCRAM iterations"
  )
  /// A broker that does not know the password either.
  static let impostor = Mistake(
    name: "impostor",
    keys: scram,
    said: "the broker could not prove that it knows the password"
  )

  /// Listeners that are advertised by an address that is not there, or not in the certificate.
  static let advertised = [
    Mistake(
      name: "advertised port",
      broker: "KAFKA_SASL_PLAINTEXT",
      keys: "tls: false\nsasl: {mechanism: plain, username: sluice, password: sluice-secret}",
      said: "the address that the cluster advertises does not work: no TCP connection"
    ),
    Mistake(
      name: "advertised port, through the relay",
      broker: "KAFKA_SASL_PLAINTEXT",
      keys:
        "tls: false\nsasl: {mechanism: scram-sha-512, username: sluice, password: sluice-secret}",
      said: "the address that the cluster advertises does not work: no TCP connection"
    ),
    Mistake(
      name: "advertised name",
      broker: "KAFKA_SASL_SSL",
      keys:
        "ca: ${KAFKA_CA}\nsasl: {mechanism: plain, username: sluice, password: sluice-secret}",
      said: "the address that the cluster advertises does not work: the broker's certificate"
    ),
  ]

  private static let limited =
    "ca: ${KAFKA_CA}\nsasl: {mechanism: plain, username: limited, password: limited-secret}"

  /// A topic that is not there, or must not be seen.
  static let missingTopic = Mistake(
    name: "missing topic",
    broker: "KAFKA_SASL_SSL",
    keys: limited,
    said: "has no topic X",
    checked: "the cluster shows no such topic"
  )
  /// A topic that may be seen and not written.
  static let noWriting = Mistake(
    name: "no right to write",
    broker: "KAFKA_SASL_SSL",
    keys: limited,
    said: "Topic authorization failed",
    checked: "this user may not write to the topic"
  )

  /// A topic that a run should create and must not.
  static let noCreation = Mistake(
    name: "no right to create",
    broker: "KAFKA_SASL_SSL",
    keys: limited + "\ncreate_topics: {partitions: 1}",
    said: "could not be created"
  )

  private static let writer =
    "ca: ${KAFKA_CA}\nsasl: {mechanism: scram-sha-512, username: writer, password: writer-secret}"

  /// What `exactly_once` needs, in the order in which it is missed.
  static let noTransactions = Mistake(
    name: "no right to the transactional id",
    broker: "KAFKA_SASL_SSL",
    keys: writer,
    said: "Transactional Id authorization failed",
    checked: "this user may not use the transactional id X"
  )
  /// The group that the offsets are committed for.
  static let noGroup = Mistake(
    name: "no right to the group",
    broker: "KAFKA_SASL_SSL",
    keys: writer,
    said: "Group authorization failed",
    checked: "this user may not commit offsets of the group X"
  )
  /// The topic whose offset is committed.
  static let noReading = Mistake(
    name: "no right to read",
    broker: "KAFKA_SASL_SSL",
    keys: writer,
    said: "Topic authorization failed",
    checked: "this user may not read the topic"
  )

  /// All of them.
  static let everyone =
    all + certificates.map(\.0) + advertised + silence + [
      noCreation, noTransactions, noGroup, noReading,
      webServer, webServerByTLS, cheapIterations, impostor, missingTopic, noWriting, skew,
    ]

  /// A clock that is wrong by hours.
  static let skew = Mistake(
    name: "clock skew",
    broker: "KAFKA_MSK_IAM",
    keys: all.first { $0.name == "another region" }?.keys
      .replacingOccurrences(of: "mars-north-1", with: "${MSK_REGION}") ?? "",
    said: "this machine's clock is N ahead of Amazon's"
  )
}
