import Settings
import TestSupport
import Testing

@testable import KafkaProtocol

@Suite struct BrokerVersionsTests {
  @Test(arguments: [
    (7, "3.3"), (8, "3.4"), (14, "3.6"), (21, "3.9"), (25, "4.0"), (29, "4.2"), (30, "4.3"),
    (99, "4.4 or newer"),
  ])
  func `a release is told by the level of its metadata`(_ level: Int16, _ release: String) {
    let versions = BrokerVersions(features: ["metadata.version": level, "kraft.version": 1])
    #expect(versions.release == release)
  }

  @Test func `without features a release is told by its requests, if at all`() {
    #expect(BrokerVersions(requests: [1: 0...12]).release == "2.7 or newer")
    #expect(BrokerVersions(requests: [1: 0...15]).release == "3.5 or newer")
    #expect(BrokerVersions(requests: [1: 0...3]).release == nil)
    #expect(BrokerVersions().release == nil)
  }

  @Test func `a broker that knows no transactions tells no rights to them`() async throws {
    let broker = try #require(
      FakeBroker.old { FakeBroker.metadata(host: "127.0.0.1", port: $0) }
    )
    let login = try ClusterLogin(LoginSettings(brokers: ["127.0.0.1:\(broker.port)"], tls: nil))
    #expect(await login.transactionRights(of: ["sluice.x"], timeout: .seconds(300)) == [:])
    let report = await login.check(timeout: .seconds(300))
    #expect(report.cluster?.release == nil)
    #expect(report.isSuccess)
  }
}
