import Blocking
import KafkaProtocol
import CRdKafka
import Rows
import Settings
import Testing

@testable import Kafka

@Suite struct KafkaProducerTests {
  private static func producer(
    on cluster: EmbeddedCluster,
    _ settings: [String: String] = [:],
    options: ProducerOptions = ProducerOptions()
  ) throws -> KafkaProducer {
    let all = settings.merging(["bootstrap.servers": cluster.brokers]) { given, _ in given }
    return try KafkaProducer(settings: all, options: options)
  }

  @Test func `every part of a message arrives as it was sent`() async throws {
    let cluster = try EmbeddedCluster()
    try cluster.createTopic("topic", partitions: 3)
    let producer = try Self.producer(on: cluster)
    _ = try await producer.metadata(timeout: .seconds(300))
    try await producer.prepare(topics: ["topic"])
    let batch = Envelope([
      Draft(partition: 2, key: "k", value: "{\"a\":1}", headers: [("h", "v"), ("e", "")]),
      Draft(partition: 1, key: "", value: ""),
      Draft(partition: 0, key: nil, value: nil),
    ])
    let report = try #require(try await producer.send(batch, number: 7))
    #expect(report.number == 7)
    #expect(report.failures == [])
    #expect((0..<3).map { report.offsets[$0] } == [0, 0, 0])

    let reader = try TopicReader(settings: ["bootstrap.servers": cluster.brokers])
    let received = await reader.read(["topic": 3], timeout: .seconds(300))
      .sorted { $0.partition > $1.partition }
    #expect(received.map(\.partition) == [2, 1, 0])
    #expect(received.map { $0.key?.text } == ["k", "", nil])
    #expect(received.map { $0.value?.text } == ["{\"a\":1}", "", nil])
    #expect(
      received.map(\.headers) == [
        [.init(name: "h", value: Array("v".utf8)), .init(name: "e", value: [])], [], [],
      ]
    )
    #expect(await reader.read(["topic": 3], timeout: .seconds(300)) == [])
  }

  @Test func `batches beyond librdkafka's bounds come back in order`() async throws {
    let cluster = try EmbeddedCluster()
    try cluster.createTopic("topic", partitions: 4)
    let producer = try Self.producer(on: cluster)
    _ = try await producer.metadata(timeout: .seconds(300))
    try await producer.prepare(topics: ["topic"])
    for number in 0..<8 {
      let drafts = (0..<10_000).map { Draft(partition: Int32($0 % 4), value: "\($0)") }
      try await producer.submit(Envelope(drafts), number: number)
    }
    var reports: [BatchReport] = []
    while reports.count < 8 {
      let more = await producer.completed(waitingUpTo: .seconds(300))
      guard !more.isEmpty else { break }
      reports += more
    }
    #expect(reports.map(\.number) == Array(0..<8))
    #expect(reports.allSatisfy { $0.failures.isEmpty })
    #expect(reports.allSatisfy { !$0.arrived.contains(false) })
    #expect(await producer.completed(waitingUpTo: .seconds(20)).isEmpty)
  }

  @Test func `a message above the client's limit is refused alone`() async throws {
    let cluster = try EmbeddedCluster()
    try cluster.createTopic("topic")
    let producer = try Self.producer(on: cluster, ["message.max.bytes": "1000"])
    _ = try await producer.metadata(timeout: .seconds(300))
    try await producer.prepare(topics: ["topic"])
    let large = String(repeating: "x", count: 5000)
    let batch = Envelope([Draft(), Draft(value: large), Draft()])
    let report = try #require(try await producer.send(batch))
    #expect(report.failures.map(\.index) == [1])
    #expect(report.failures.map(\.fate) == [.refused])
    #expect(report.arrived == [true, false, true])
  }

  @Test func `a refused request is told from a refused message`() async throws {
    let cluster = try EmbeddedCluster()
    try cluster.createTopic("topic")
    let producer = try Self.producer(on: cluster)
    _ = try await producer.metadata(timeout: .seconds(300))
    try await producer.prepare(topics: ["topic"])
    cluster.failNext(apiKey: 0, with: [RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE])
    let batch = Envelope([Draft(value: "a"), Draft(value: "b")])
    let report = try #require(try await producer.send(batch))
    #expect(report.failures.map(\.fate) == [.refusedWithRequest, .refusedWithRequest])

    cluster.failNext(apiKey: 0, with: [RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE])
    let again = try #require(
      try await producer.send(report.envelope, .isolated([0, 1], perRequest: 1))
    )
    #expect(again.failures.map(\.index) == [0])
    #expect(again.failures.map(\.fate) == [.refused])
    #expect(again.arrived == [false, true])
  }

  @Test func `topics that were not prepared and partitions beyond fail as unknown`() async throws {
    let cluster = try EmbeddedCluster()
    try cluster.createTopic("topic", partitions: 1)
    let producer = try Self.producer(on: cluster)
    _ = try await producer.metadata(timeout: .seconds(300))
    try await producer.prepare(topics: ["topic"])
    let batch = Envelope([Draft(topic: "other"), Draft(partition: 5), Draft()])
    let report = try #require(try await producer.send(batch))
    #expect(report.failures.map(\.index) == [0, 1])
    #expect(report.failures.allSatisfy { $0.fate == .unknownTopicOrPartition })
    let metadata = try await producer.metadata(timeout: .seconds(300))
    #expect(metadata.topics.keys.sorted() == ["topic"])
    #expect(metadata.topics["topic"]?.partitions == 1)
    #expect(metadata.brokers.count == 1)
    #expect(metadata.clusterID != nil)
  }

  @Test func `a message without an answer ends as unknown at the delivery timeout`() async throws {
    let cluster = try EmbeddedCluster()
    try cluster.createTopic("topic")
    var options = ProducerOptions()
    options.deliveryTimeout = .seconds(1)
    let producer = try Self.producer(on: cluster, options: options)
    _ = try await producer.metadata(timeout: .seconds(300))
    try await producer.prepare(topics: ["topic"])
    let never = Array(repeating: RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, count: 10_000)
    cluster.failNext(apiKey: 0, with: never)
    let report = try #require(try await producer.send(Envelope([Draft()])))
    #expect(report.failures.map(\.fate) == [.unknown])
    #expect(report.failures.first?.error.code == .timedOut)
    // More than go at a time: those that got no room are not tried, or fail as well.
    let many = Envelope(Array(repeating: Draft(), count: 2 * SendWindow.countMin + 1))
    let rest = try #require(try await producer.send(many))
    #expect(rest.failures.map(\.index) == Array(0...(2 * SendWindow.countMin)))
    #expect(Set(rest.failures.map(\.fate)).isSubset(of: [.unknown, .stopped]))
  }

  @Test func `late reports of an abandoned batch are not counted for the next`() async throws {
    let cluster = try EmbeddedCluster()
    try cluster.createTopic("topic")
    let producer = try Self.producer(on: cluster)
    _ = try await producer.metadata(timeout: .seconds(300))
    try await producer.prepare(topics: ["topic"])
    let abandoned = Envelope((0..<5000).map { Draft(value: "\($0)") })
    try await producer.submit(abandoned, number: 1)
    let given = try #require(await producer.abandon(waitingUpTo: .zero).first)
    #expect(given.failures.count == given.arrived.count { !$0 })
    #expect(given.envelope.take()?.messages.count == 5000)
    let batch = Envelope((0..<100).map { Draft(value: "n\($0)") })
    let report = try #require(try await producer.send(batch, number: 2))
    #expect(report.number == 2)
    #expect(report.failures == [])
    #expect(!report.arrived.contains(false))
  }

  @Test func `nothing waits for a broker that is not there`() async throws {
    let producer = try KafkaProducer(settings: ["bootstrap.servers": "127.0.0.1:1"])
    let error = await #expect(throws: KafkaError.self) {
      try await producer.metadata(timeout: .milliseconds(300))
    }
    #expect(error?.cause?.contains("127.0.0.1:1") == true)
    try await producer.prepare(topics: ["topic"])
    try await producer.submit(Envelope([Draft(), Draft()]), number: 1)
    let reports = await producer.abandon(waitingUpTo: .milliseconds(200))
    #expect(reports.first?.failures.map(\.fate) == [.stopped, .stopped])
  }

  @Test func `an interrupted producer takes no more and waits for nothing`() async throws {
    let producer = try KafkaProducer(settings: ["bootstrap.servers": "127.0.0.1:1"])
    try await producer.prepare(topics: ["topic"])
    producer.interrupt()
    let batch = Envelope((0..<20_010).map { _ in Draft() })
    try await producer.submit(batch, number: 1)
    #expect(await producer.completed(waitingUpTo: .seconds(60)).isEmpty)
    let report = try #require(await producer.abandon(waitingUpTo: .zero).first)
    #expect(report.failures.count == 20_010)
    #expect(report.failures.last?.error.code == .interrupted)
    #expect(report.failures.allSatisfy { $0.fate == .stopped })
  }

  @Test func `an unknown setting is named and its value is not`() {
    let error = #expect(throws: KafkaError.self) {
      try KafkaProducer(settings: ["nonsense": "hunter2"])
    }
    #expect(error?.code == .setting)
    #expect(error?.description.contains("nonsense") == true)
    #expect(error?.description.contains("hunter2") == false)
  }

  @Test func `a setting that Sluice owns is refused with the reason`() {
    let error = #expect(throws: KafkaError.self) {
      try ProducerOptions.check(properties: ["linger.ms": "1", "acks": "1"])
    }
    let reason = OwnedProperty.reason(against: "acks") ?? ""
    #expect(error?.description == "acks: Sluice owns this setting: \(reason)")
  }
}
