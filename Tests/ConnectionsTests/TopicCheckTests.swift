@testable import Connections
import Settings
import Reports
import Testing

import KafkaProtocol

/// What `check --connect` says of a topic's replicas.
@Suite struct TopicCheckTests {
  private func verdict(
    release: String?,
    replicas: Int,
    needed: String
  ) -> CheckItem? {
    var cluster = Cluster(clusterID: "c")
    cluster.release = release
    cluster.topics["t"] = Cluster.Topic(partitions: 1, leaderless: 0, replicationFactor: replicas)
    let check = TopicCheck(
      use: TopicUse(topic: "t", syncs: ["s"], hasTombstones: false, hasKeyless: false),
      topic: "t",
      cluster: cluster,
      configuration: ["min.insync.replicas": needed],
      creation: nil
    )
    return check.items.first { $0.check == "replicas" }
  }

  @Test(arguments: ["3.7", "4.3", "3.9 or newer"])
  func `fewer replicas than min.insync.replicas are a note where Kafka takes the smaller number`(
    release: String
  ) {
    let found = verdict(release: release, replicas: 1, needed: "2")
    #expect(found?.verdict == .passed)
    #expect(found?.reason?.contains("there are only 1") == true)
  }

  @Test(arguments: ["2.8", "3.6"])
  func `fewer replicas than min.insync.replicas are an error before`(release: String) {
    #expect(verdict(release: release, replicas: 2, needed: "3")?.verdict == .failed)
  }

  @Test(arguments: [nil, "3.5 or newer"])
  func `a release that nobody tells leaves it open`(release: String?) {
    #expect(verdict(release: release, replicas: 1, needed: "2")?.verdict == .unknown)
  }

  @Test func `enough replicas, and those that nobody tells, are not worth a line`() {
    #expect(verdict(release: "3.6", replicas: 3, needed: "2") == nil)
    #expect(verdict(release: "3.6", replicas: 2, needed: "2") == nil)
    #expect(verdict(release: "3.6", replicas: 0, needed: "2") == nil)
  }
}
