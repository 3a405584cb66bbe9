import Settings
import Testing

@testable import KafkaProtocol

@Suite struct ClusterLoginTests {
  private static let debian: Int32 = 0x02_00_02_ff
  private static let repaired: Int32 = 0x02_06_01_ff

  private func login(_ mechanism: LoginSettings.Mechanism?) throws -> ClusterLogin {
    try ClusterLogin(LoginSettings(brokers: ["a:1", "b:2"], mechanism: mechanism))
  }

  @Test func `the relay is for the mechanism AWS and for SCRAM of old clients only`() throws {
    let scram = try login(.scram(.sha256, username: "u", password: Secret("p")))
    #expect(scram.needsRelay(version: Self.debian))
    #expect(!scram.needsRelay(version: Self.repaired))
    let aws = try login(.aws(AWSIdentity(), authorizationIdentity: "i"))
    #expect(aws.needsRelay(version: Self.repaired))
    for mechanism in [
      nil, LoginSettings.Mechanism.plain(username: "u", password: Secret("p")),
      .oauthBearer(.fixed(Secret("t"))), .msk(AWSIdentity()),
    ] {
      #expect(!(try login(mechanism)).needsRelay(version: Self.debian))
    }
  }

  @Test func `librdkafka is told no secret that the relay uses`() throws {
    let login = try login(.scram(.sha512, username: "u", password: Secret("hunter2")))
    #expect(
      login.clientSettings(version: Self.debian)
        == ["bootstrap.servers": "a:1,b:2", "security.protocol": "plaintext"]
    )
    let settings = login.clientSettings(version: Self.repaired)
    #expect(settings["sasl.mechanism"] == "SCRAM-SHA-512")
    #expect(settings["sasl.password"] == "hunter2")
    #expect(settings["security.protocol"] == "sasl_ssl")
    #expect(settings["ssl.endpoint.identification.algorithm"] == "https")
  }

  @Test func `the mechanism AWS is refused in clear`() {
    let error = #expect(throws: LoginError.self) {
      try ClusterLogin(
        LoginSettings(
          brokers: [],
          tls: nil,
          mechanism: .aws(AWSIdentity(), authorizationIdentity: "i")
        )
      )
    }
    #expect(error?.code == .setting)
  }

  @Test func `a broker that says nothing is given up in time`() async throws {
    let peer = try #require(Listener())
    var settings = LoginSettings(brokers: ["127.0.0.1:\(peer.port)"])
    settings.connectTimeout = .milliseconds(200)
    for tls in [LoginSettings.TLS(), nil] {
      settings.tls = tls
      let report = await (try ClusterLogin(settings)).check(timeout: .seconds(300))
      #expect(report.steps.last?.failure?.code == .timedOut)
    }
  }

  @Test func `something else than a Kafka broker is named as that`() async throws {
    let web = try #require(Listener("HTTP/1.1 400 Bad Request\r\n\r\n"))
    let settings = LoginSettings(brokers: ["127.0.0.1:\(web.port)"], tls: nil)
    let report = await (try ClusterLogin(settings)).check(timeout: .seconds(300))
    #expect(report.steps.last?.failure?.code == .protocolViolation)
    let encrypted = LoginSettings(brokers: ["127.0.0.1:\(web.port)"])
    let other = await (try ClusterLogin(encrypted)).check(timeout: .seconds(300))
    #expect(other.steps.last?.failure?.code == .notTLS)
  }
}
