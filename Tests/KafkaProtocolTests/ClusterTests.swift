import Settings
import TestSupport
import Testing

@testable import KafkaProtocol

@Suite struct ClusterTests {
  private func check(_ port: Int) async throws -> LoginReport {
    let settings = LoginSettings(brokers: ["127.0.0.1:\(port)"], tls: nil)
    return await (try ClusterLogin(settings)).check(timeout: .seconds(300))
  }

  @Test func `an older broker is understood, without topic ids`() async throws {
    let broker = try #require(
      FakeBroker.old { FakeBroker.metadata(host: "127.0.0.1", port: $0) }
    )
    let report = try await check(broker.port)
    #expect(report.isSuccess, "\(report.steps)")
    let cluster = try #require(report.cluster)
    #expect(cluster.clusterID == "cluster")
    #expect(cluster.brokers.map(\.id) == [7])
    #expect(cluster.operations == nil)
    #expect(
      cluster.topics
        == ["topic": .init(partitions: 1, replicationFactor: 1, operations: [.write, .describe])]
    )
  }

  @Test func `a broker that advertises an address nobody reaches is named`() async throws {
    let broker = try #require(
      FakeBroker.old { _ in FakeBroker.metadata(host: "127.0.0.1", port: 1) }
    )
    let report = try await check(broker.port)
    #expect(!report.isSuccess)
    let step = try #require(report.steps.last)
    #expect(step.kind == .advertised)
    #expect(step.broker == "127.0.0.1:1")
    #expect(step.failure?.hint?.contains("advertised.listeners") == true)
  }

  @Test func `an answer cut off anywhere is an error`() async throws {
    let whole = FakeBroker.metadata(host: "127.0.0.1", port: 1)
    for count in 0..<whole.count {
      let broker = try #require(FakeBroker.old { _ in Array(whole.prefix(count)) })
      let report = try await check(broker.port)
      #expect(report.steps.last?.failure?.code == .protocolViolation, "cut at \(count)")
    }
  }

  @Test func `an answer of noise is an error or an answer, never a trap`() async throws {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      let count = Int.random(in: 0..<200, using: &generator)
      let noise = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
      var reader = WireReader(noise)
      _ = try? reader.compactCount()
      _ = try? reader.compactString()
      _ = try? reader.skipTags()
      _ = try? reader.string()
      _ = try? reader.data()
      _ = try? reader.uuid()
    }
  }

  @Test(
    arguments: [
      ("3.6", false), ("3.7", true), ("3.10", true), ("4.3", true), ("4.4 or newer", true),
      ("3.7 or newer", true), ("3.5 or newer", nil), ("2.3 or newer", nil), ("unreadable", nil),
      (nil, nil),
    ] as [(String?, Bool?)]
  )
  func `a release is compared by its numbers, and one that is not known is not judged`(
    release: String?,
    isAtLeast: Bool?
  ) {
    var cluster = Cluster(clusterID: nil)
    cluster.release = release
    #expect(cluster.isAtLeast(3, 7) == isAtLeast)
  }
}
