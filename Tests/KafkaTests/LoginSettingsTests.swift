import Foundation
import KafkaProtocol
import Rows
import Settings
import TestSupport
import Testing

@testable import Kafka

/// The many ways to say the same, and what a broker says to those who may not.
@Suite(.enabled(if: KafkaKit.location != nil, "no real Kafka here"))
struct LoginSettingsTests {
  private let kit: KafkaKit

  init() async throws {
    kit = try #require(await KafkaKit.start(["auto.create.topics.enable=true"]))
  }

  private func text(_ variable: String) throws -> String {
    try String(contentsOfFile: kit[variable], encoding: .utf8)
  }

  private func tls(_ authorities: Material) -> LoginSettings.TLS {
    var tls = LoginSettings.TLS()
    tls.authorities = authorities
    return tls
  }

  private func plain(_ user: String, _ password: String) -> LoginSettings.Mechanism {
    .plain(username: user, password: Secret(password))
  }

  /// Whether librdkafka (or the relay) and the connector both get in.
  private func getsIn(_ settings: LoginSettings) async throws -> Bool {
    let login = try ClusterLogin(settings)
    let check = await login.check(timeout: .seconds(300))
    let producer = try KafkaProducer(settings: [:], login: login)
    let metadata = try? await producer.metadata(timeout: .seconds(300))
    #expect(check.isSuccess == (metadata != nil), "\(check.steps)")
    return check.isSuccess && metadata != nil
  }

  @Test func `authorities may be one or several, in a file or inline`() async throws {
    let both = try text("KAFKA_UNKNOWN_CA") + text("KAFKA_CA")
    let path = kit.folder + "/both.pem"
    try both.write(toFile: path, atomically: true, encoding: .utf8)
    for authorities in [
      Material.file(kit["KAFKA_CA"]), .text(Secret(try text("KAFKA_CA"))), .file(path),
      .text(Secret(both)),
    ] {
      for mechanism in [
        plain("sluice", "sluice-secret"),
        .scram(.sha256, username: "sluice", password: Secret("sluice-secret")),
      ] {
        let settings = LoginSettings(
          brokers: [kit["KAFKA_SASL_SSL"]],
          tls: tls(authorities),
          mechanism: mechanism
        )
        #expect(try await getsIn(settings))
      }
    }
  }

  @Test func `a client's certificate and key may be inline, the key encrypted`() async throws {
    let encrypted = kit.folder + "/client-encrypted.key"
    let key = kit["KAFKA_CLIENT_KEY"]
    let made = await Shell.run(
      "openssl pkey -in \(key) -aes256 -passout 'pass:p w' -out \(encrypted)"
    )
    #expect(made.code == 0, "\(made.errors)")
    var tls = tls(.file(kit["KAFKA_CA"]))
    tls.certificate = .text(Secret(try text("KAFKA_CLIENT_CERT")))
    tls.privateKey = .text(Secret(try text("KAFKA_CLIENT_KEY")))
    #expect(try await getsIn(LoginSettings(brokers: [kit["KAFKA_SSL"]], tls: tls)))
    tls.certificate = .file(kit["KAFKA_CLIENT_CERT"])
    tls.privateKey = .file(encrypted)
    tls.privateKeyPassword = Secret("p w")
    #expect(try await getsIn(LoginSettings(brokers: [kit["KAFKA_SSL"]], tls: tls)))
    for password in [Secret("wrong"), nil] {
      tls.privateKeyPassword = password
      let error = #expect(throws: LoginError.self) {
        try ClusterLogin(LoginSettings(brokers: [kit["KAFKA_SSL"]], tls: tls))
      }
      #expect(error?.code == .setting)
      #expect(error?.hint?.contains("password") == true)
    }
  }

  @Test func `files that cannot be used are named at once`() throws {
    var missing = tls(.file("/nowhere/ca.pem"))
    #expect(throws: LoginError.self) {
      try ClusterLogin(LoginSettings(brokers: [], tls: missing))
    }
    missing.authorities = .text(Secret("not PEM"))
    #expect(throws: LoginError.self) {
      try ClusterLogin(LoginSettings(brokers: [], tls: missing))
    }
    var swapped = tls(.file(kit["KAFKA_CA"]))
    swapped.certificate = .file(kit["KAFKA_CLIENT_CERT"])
    swapped.privateKey = .file(kit["KAFKA_UNKNOWN_KEY"])
    let error = #expect(throws: LoginError.self) {
      try ClusterLogin(LoginSettings(brokers: [], tls: swapped))
    }
    #expect(error?.description == "private_key: does not belong to the certificate")
  }

  @Test func `a missing or expired client certificate is told from everything else`() async throws {
    var tls = tls(.file(kit["KAFKA_CA"]))
    for (certificate, key) in [(nil, nil), ("KAFKA_EXPIRED_CERT", "KAFKA_EXPIRED_KEY")] {
      tls.certificate = certificate.map { .file(kit[$0]) }
      tls.privateKey = key.map { .file(kit[$0]) }
      let login = try ClusterLogin(LoginSettings(brokers: [kit["KAFKA_SSL"]], tls: tls))
      let report = await login.check(timeout: .seconds(300))
      #expect(report.steps.last?.failure?.code == .clientCertificate, "\(report.steps)")
    }
  }

  @Test func `a mechanism that the listener does not have is named with those it has`() async throws
  {
    let settings = LoginSettings(
      brokers: [kit["KAFKA_OAUTH"]],
      tls: tls(.file(kit["KAFKA_CA"])),
      mechanism: plain("sluice", "sluice-secret")
    )
    let report = await (try ClusterLogin(settings)).check(timeout: .seconds(300))
    let failure = try #require(report.steps.last?.failure)
    #expect(failure.code == .mechanism)
    #expect(failure.hint == "it offers OAUTHBEARER")
  }

  @Test func `a listener that wants a login says so to who brings none`() async throws {
    let settings = LoginSettings(brokers: [kit["KAFKA_SASL_PLAINTEXT"]], tls: nil)
    let report = await (try ClusterLogin(settings)).check(timeout: .seconds(300))
    let failure = try #require(report.steps.last?.failure)
    #expect(report.steps.last?.kind == .cluster)
    #expect(failure.hint?.contains("sasl") == true)
  }

  @Test func `without checks a certificate of any kind will do`() async throws {
    var tls = LoginSettings.TLS()
    tls.verify = false
    for mechanism in [
      plain("sluice", "sluice-secret"),
      .scram(.sha512, username: "sluice", password: Secret("sluice-secret")),
    ] {
      let settings = LoginSettings(
        brokers: [kit["KAFKA_SASL_SSL"]],
        tls: tls,
        mechanism: mechanism
      )
      #expect(try await getsIn(settings))
    }
  }

  @Test func `certificates out of their time or for another host are named as that`() async throws {
    for (days, name, text) in [
      (("20200101000000Z", "20210101000000Z"), "localhost", "expired"),
      (("20900101000000Z", "20910101000000Z"), "localhost", "not yet valid"),
      (("20200101000000Z", "20910101000000Z"), "elsewhere.test", "host"),
    ] {
      let server = try #require(CertificateServer(kit, from: days.0, until: days.1, for: name))
      let settings = LoginSettings(
        brokers: ["localhost:\(server.port)"],
        tls: tls(.file(kit["KAFKA_CA"]))
      )
      let report = await (try ClusterLogin(settings)).check(timeout: .seconds(300))
      let step = try #require(report.steps.last)
      #expect(step.kind == .tls)
      #expect(step.failure?.code == .certificate)
      #expect(step.failure?.message.lowercased().contains(text) == true, "\(step)")
      #expect(step.failure?.hint?.isEmpty == false)
      #expect(step.certificate?.subject == "CN=\(name)")
      #expect(step.certificate?.issuer == "CN=Kafka kit CA")
      #expect(step.certificate?.names == [name])
    }
  }

  @Test func `who may not write to a topic is told so, and the run has to stop`() async throws {
    await kit.makeTopic("forbidden", partitions: 1)
    await kit.makeTopic("allowed.one", partitions: 1)
    await kit.kafka(
      "acls",
      "--add",
      "--allow-principal",
      "User:limited",
      "--operation",
      "describe",
      "--topic",
      "forbidden"
    )
    let login = try ClusterLogin(
      LoginSettings(
        brokers: [kit["KAFKA_SASL_PLAINTEXT"]],
        tls: nil,
        mechanism: plain("limited", "limited-secret")
      )
    )
    let check = await login.check(timeout: .seconds(300))
    #expect(check.cluster?.topics["forbidden"]?.operations?.contains(.write) == false)
    #expect(check.cluster?.topics["allowed.one"]?.operations?.contains(.write) == true)
    let producer = try KafkaProducer(settings: [:], login: login)
    _ = try await producer.metadata(timeout: .seconds(300))
    try await producer.prepare(topics: ["allowed.one", "forbidden"])
    let batch = Envelope([Draft(topic: "allowed.one"), Draft(topic: "forbidden")])
    let report = try #require(try await producer.send(batch))
    #expect(report.failures.map(\.index) == [1])
    #expect(report.failures.map(\.fate) == [.stopped])
    #expect(report.failures.first?.error.code == .authorization)
    #expect(await producer.messageSizeMax(topics: ["forbidden"], timeout: .seconds(300)) == nil)

    var options = ProducerOptions()
    options.transactionalID = "other"
    let foreign = try KafkaProducer(settings: [:], login: login, options: options)
    let error = await #expect(throws: KafkaError.self) {
      try await foreign.initTransactions(timeout: .seconds(300))
    }
    #expect(error?.native == 53)
  }

  @Test func `tokens that live seconds are renewed while messages flow`() async throws {
    // A cluster of its own: the tokens of others live longer.
    let kit = try #require(await KafkaKit.start(["broker.rack=short-lived-tokens"]))
    await kit.startTokenEndpoint(tokensLive: 10)
    let client = TokenSource.ClientCredentials(
      endpoint: kit["KAFKA_OIDC_TOKEN_ENDPOINT"],
      clientID: kit["KAFKA_OIDC_CLIENT_ID"],
      clientSecret: Secret(kit["KAFKA_OIDC_CLIENT_SECRET"]),
      scope: kit["KAFKA_OIDC_SCOPE"]
    )
    let login = try ClusterLogin(
      LoginSettings(
        brokers: [kit["KAFKA_OAUTH"]],
        tls: tls(.file(kit["KAFKA_CA"])),
        mechanism: .oauthBearer(.clientCredentials(client))
      )
    )
    let producer = try KafkaProducer(settings: [:], login: login)
    let creation = TopicCreation(partitions: 1)
    let refusals = try await producer.createTopics(["renewed"], creation, timeout: .seconds(300))
    try #require(refusals == [:])
    while try await producer.metadata(timeout: .seconds(300)).topics["renewed"] == nil {}
    try await producer.prepare(topics: ["renewed"])
    let log = kit.folder + "/oidc/server.log"
    let before = try lines(of: log)
    var sent = 0
    // A connection lives as long as its token, so that messages need a new one again and again.
    while try lines(of: log) < before + 2 {
      let report = try await producer.send(Envelope([Draft(topic: "renewed")]))
      #expect(report?.failures == [])
      sent += 1
    }
    #expect(await kit.kcat("renewed").count == sent)
  }

  private func lines(of path: String) throws -> Int {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").count
  }
}
