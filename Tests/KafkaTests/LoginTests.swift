import Foundation
import Rows
import Settings
import TestSupport
import Testing

@testable import Kafka
@testable import KafkaProtocol

/// One listener of the real broker after the other, through librdkafka and through the relay.
@Suite(.enabled(if: KafkaKit.location != nil, "no real Kafka here"))
struct LoginTests {
  private let kit: KafkaKit

  init() async throws {
    kit = try #require(await KafkaKit.start(["auto.create.topics.enable=true"]))
  }

  private var tls: LoginSettings.TLS {
    var tls = LoginSettings.TLS()
    tls.authorities = .file(kit["KAFKA_CA"])
    return tls
  }

  private func secret(_ name: String) -> Secret { Secret(kit[name]) }

  /// Sends one message and reads it back with kcat.
  private func passes(_ settings: LoginSettings, topic: String) async throws {
    let login = try ClusterLogin(settings)
    let producer = try KafkaProducer(settings: [:], login: login)
    let creation = TopicCreation(partitions: 1)
    let refusals = try await producer.createTopics([topic], creation, timeout: .seconds(300))
    try #require(refusals == [:])
    while try await producer.metadata(timeout: .seconds(300)).topics[topic] == nil {}
    try await producer.prepare(topics: [topic])
    let report = try #require(
      try await producer.send(Envelope([Draft(topic: topic, value: "hello")]))
    )
    #expect(report.failures == [])
    #expect(await kit.kcat(topic, format: "%s\\n") == ["hello"])
    let reader = try TopicReader(settings: [:], login: login)
    #expect(await reader.read([topic: 1], timeout: .seconds(300)).count == 1)
    let check = await login.check(timeout: .seconds(300))
    #expect(check.isSuccess, "\(check.steps)")
    #expect(check.cluster?.topics[topic]?.partitions == 1)
    #expect(check.cluster?.topics[topic]?.operations?.contains(.write) == true)
    #expect(check.cluster?.topics[topic]?.id?.count == 32)
  }

  /// Fails at `step` with `code`, and the producer fails too.
  private func fails(
    _ settings: LoginSettings,
    at step: LoginStep.Kind,
    _ code: LoginError.Code
  ) async throws {
    let login = try ClusterLogin(settings)
    let check = await login.check(timeout: .seconds(300))
    #expect(!check.isSuccess)
    let failed = try #require(check.steps.first { $0.failure != nil })
    #expect(failed.kind == step, "\(check.steps)")
    #expect(failed.failure?.code == code, "\(check.steps)")
    let producer = try KafkaProducer(settings: [:], login: login)
    await #expect(throws: KafkaError.self) {
      try await producer.metadata(timeout: .seconds(5))
    }
  }

  @Test(arguments: [ScramHash.sha256, .sha512])
  func `SCRAM works in clear and through TLS`(hash: ScramHash) async throws {
    let mechanism = LoginSettings.Mechanism.scram(
      hash,
      username: kit["KAFKA_USER"],
      password: secret("KAFKA_PASSWORD")
    )
    let clear = LoginSettings(
      brokers: [kit["KAFKA_SASL_PLAINTEXT"]],
      tls: nil,
      mechanism: mechanism
    )
    try await passes(clear, topic: "scram-clear-\(hash)")
    let encrypted = LoginSettings(brokers: [kit["KAFKA_SASL_SSL"]], tls: tls, mechanism: mechanism)
    try await passes(encrypted, topic: "scram-tls-\(hash)")
  }

  @Test func `hostile passwords pass by PLAIN and by SCRAM`() async throws {
    let (name, password) = (kit["KAFKA_HOSTILE_USER"], secret("KAFKA_HOSTILE_PASSWORD"))
    #expect(password.exposed.contains("€"))
    for (index, mechanism) in [
      LoginSettings.Mechanism.plain(username: name, password: password),
      .scram(.sha256, username: name, password: password),
      .scram(.sha512, username: name, password: password),
    ].enumerated() {
      let settings = LoginSettings(
        brokers: [kit["KAFKA_SASL_SSL"]],
        tls: tls,
        mechanism: mechanism
      )
      try await passes(settings, topic: "hostile-\(index)")
    }
  }

  @Test func `a wrong password is named as that`() async throws {
    for mechanism in [
      LoginSettings.Mechanism.plain(username: "sluice", password: Secret("wrong")),
      .scram(.sha256, username: "sluice", password: Secret("wrong")),
      .scram(.sha512, username: "nobody", password: Secret("sluice-secret")),
    ] {
      let settings = LoginSettings(
        brokers: [kit["KAFKA_SASL_SSL"]],
        tls: tls,
        mechanism: mechanism
      )
      try await fails(settings, at: .login, .credentials)
    }
  }

  @Test func `a client certificate is the login`() async throws {
    var tls = tls
    tls.certificate = .file(kit["KAFKA_CLIENT_CERT"])
    tls.privateKey = .file(kit["KAFKA_CLIENT_KEY"])
    try await passes(LoginSettings(brokers: [kit["KAFKA_SSL"]], tls: tls), topic: "mtls")
    tls.certificate = .file(kit["KAFKA_UNKNOWN_CERT"])
    tls.privateKey = .file(kit["KAFKA_UNKNOWN_KEY"])
    try await fails(
      LoginSettings(brokers: [kit["KAFKA_SSL"]], tls: tls),
      at: .cluster,
      .clientCertificate
    )
  }

  @Test func `every mistake with TLS is named for what it is`() async throws {
    let plain = LoginSettings.Mechanism.plain(
      username: "sluice",
      password: secret("KAFKA_PASSWORD")
    )
    var unknown = tls
    unknown.authorities = .file(kit["KAFKA_UNKNOWN_CA"])
    let port = kit["KAFKA_SASL_SSL"].split(separator: ":").last ?? ""
    let cases: [(String, LoginSettings.TLS?, LoginStep.Kind, LoginError.Code)] = [
      (kit["KAFKA_SASL_SSL"], unknown, .tls, .certificate),
      ("127.0.0.1:\(port)", tls, .tls, .certificate),
      (kit["KAFKA_SASL_PLAINTEXT"], tls, .tls, .notTLS),
      (kit["KAFKA_SASL_SSL"], nil, .login, .wantsTLS),
      ("127.0.0.1:1", tls, .connection, .connection),
      ("nowhere.invalid:9092", tls, .nameResolution, .nameResolution),
      (kit["KAFKA_BOOTSTRAP"], nil, .login, .mechanism),
    ]
    for (broker, tls, step, code) in cases {
      let settings = LoginSettings(brokers: [broker], tls: tls, mechanism: plain)
      try await fails(settings, at: step, code)
    }
  }

  @Test func `tokens of an OIDC endpoint are fetched, and refused ones named`() async throws {
    await kit.startTokenEndpoint()
    let client = TokenSource.ClientCredentials(
      endpoint: kit["KAFKA_OIDC_TOKEN_ENDPOINT"],
      clientID: kit["KAFKA_OIDC_CLIENT_ID"],
      clientSecret: secret("KAFKA_OIDC_CLIENT_SECRET"),
      scope: kit["KAFKA_OIDC_SCOPE"]
    )
    var settings = LoginSettings(
      brokers: [kit["KAFKA_OAUTH"]],
      tls: tls,
      mechanism: .oauthBearer(.clientCredentials(client))
    )
    try await passes(settings, topic: "oidc")
    var wrong = client
    wrong.clientSecret = Secret("wrong")
    settings.mechanism = .oauthBearer(.clientCredentials(wrong))
    try await fails(settings, at: .login, .token)
    settings.mechanism = .oauthBearer(.fixed(Secret("not.a.token")))
    try await fails(settings, at: .login, .credentials)
    settings.mechanism = .oauthBearer(.command("exit 3"))
    try await fails(settings, at: .login, .token)
  }

  @Test func `MSK takes the signed token of lasting and temporary keys`() async throws {
    let keys = AWSKeys(
      accessKeyID: kit["MSK_ACCESS_KEY_ID"],
      secretAccessKey: secret("MSK_SECRET_ACCESS_KEY")
    )
    let temporary = AWSKeys(
      accessKeyID: kit["MSK_TEMPORARY_ACCESS_KEY_ID"],
      secretAccessKey: secret("MSK_TEMPORARY_SECRET_ACCESS_KEY"),
      sessionToken: secret("MSK_TEMPORARY_SESSION_TOKEN")
    )
    var wrong = keys
    wrong.secretAccessKey = Secret("wrong")
    let identity = { (keys: AWSKeys) in
      var identity = AWSIdentity(region: kit["MSK_REGION"], keys: keys)
      identity.environment = kit.variables.filter { $0.key.hasPrefix("AWS_") }
        .mapValues { Secret($0) }
      return identity
    }
    let settings = { (keys: AWSKeys) in
      LoginSettings(brokers: [kit["KAFKA_MSK_IAM"]], tls: tls, mechanism: .msk(identity(keys)))
    }
    try await passes(settings(keys), topic: "msk")
    try await passes(settings(temporary), topic: "msk-temporary")
    try await fails(settings(wrong), at: .login, .credentials)
  }

  @Test(arguments: [-7300, 0, 7300])
  func `a clock that is wrong is told from keys that are wrong`(seconds: Int) async throws {
    let date = DateFormatter()
    date.locale = Locale(identifier: "en_US_POSIX")
    date.timeZone = TimeZone(identifier: "UTC")
    date.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    let now = date.string(from: Date())
    let service = try #require(
      StandIn { _ in "HTTP/1.1 302 Found\r\nDate: \(now)\r\nContent-Length: 0\r\n\r\n" }
    )
    var identity = AWSIdentity(
      region: kit["MSK_REGION"],
      keys: AWSKeys(
        accessKeyID: kit["MSK_ACCESS_KEY_ID"],
        secretAccessKey: seconds == 0 ? Secret("wrong") : secret("MSK_SECRET_ACCESS_KEY")
      )
    )
    for port in [service.port, 1] {
      identity.environment = ["AWS_ENDPOINT_URL_STS": Secret("http://127.0.0.1:\(port)/")]
      let settings = LoginSettings(
        brokers: [kit["KAFKA_MSK_IAM"]],
        tls: tls,
        mechanism: .msk(identity)
      )
      let login = try ClusterLogin(settings) { Int(Date().timeIntervalSince1970) + seconds }
      let failure = try #require(await login.check(timeout: .seconds(300)).failure)
      #expect(failure.code == .credentials)
      let isKnown = port != 1 && seconds != 0
      #expect(failure.message.contains("clock is") == isKnown, "\(failure)")
      #expect(!isKnown || failure.message.contains(seconds < 0 ? "2 h behind" : "2 h ahead"))
      #expect(failure.hint?.contains("clock") == true)
    }
  }

  @Test func `the mechanism AWS goes through the relay`() async throws {
    let keys = AWSKeys(
      accessKeyID: kit["MSK_ACCESS_KEY_ID"],
      secretAccessKey: secret("MSK_SECRET_ACCESS_KEY")
    )
    let temporary = AWSKeys(
      accessKeyID: kit["MSK_TEMPORARY_ACCESS_KEY_ID"],
      secretAccessKey: secret("MSK_TEMPORARY_SECRET_ACCESS_KEY"),
      sessionToken: secret("MSK_TEMPORARY_SESSION_TOKEN")
    )
    var wrong = keys
    wrong.secretAccessKey = Secret("wrong")
    let settings = { (keys: AWSKeys, name: String) in
      LoginSettings(
        brokers: [kit["KAFKA_AWS_IAM"]],
        tls: tls,
        mechanism: .aws(AWSIdentity(keys: keys), authorizationIdentity: kit[name])
      )
    }
    try await passes(settings(keys, "AWS_IDENTITY"), topic: "aws")
    try await passes(settings(temporary, "AWS_TEMPORARY_IDENTITY"), topic: "aws-temporary")
    try await fails(settings(wrong, "AWS_IDENTITY"), at: .login, .credentials)
  }
}
