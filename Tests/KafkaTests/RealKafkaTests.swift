import Text
import KafkaProtocol
import Rows
import Settings
import TestSupport
import Testing

@testable import Kafka

/// Against a real broker, which would create topics by itself if it were asked about one.
@Suite(.enabled(if: KafkaKit.location != nil, "no real Kafka here"))
struct RealKafkaTests {
  private let kit: KafkaKit
  private let settings: [String: String]

  init() async throws {
    kit = try #require(await KafkaKit.start(["auto.create.topics.enable=true"]))
    settings = ["bootstrap.servers": kit["KAFKA_BOOTSTRAP"]]
  }

  private func producer(
    _ topic: String,
    partitions: Int = 1,
    configuration: [String: String] = [:],
    options: ProducerOptions = ProducerOptions()
  ) async throws -> KafkaProducer {
    let producer = try KafkaProducer(settings: settings, options: options)
    let creation = TopicCreation(partitions: partitions, configuration: configuration)
    let refusals = try await producer.createTopics([topic], creation, timeout: .seconds(300))
    try #require(refusals == [:])
    while try await producer.metadata(timeout: .seconds(300)).topics[topic] == nil {}
    try await producer.prepare(topics: [topic])
    return producer
  }

  private func transactional(_ topic: String, id: String) async throws -> KafkaProducer {
    var options = ProducerOptions()
    options.transactionalID = id
    options.transactionTimeout = .seconds(300)
    let producer = try await producer(topic, options: options)
    try await producer.initTransactions(timeout: .seconds(300))
    return producer
  }

  @Test func `kcat reads back what was sent`() async throws {
    let producer = try await producer("readback", partitions: 2)
    let drafts = (0..<5000).map {
      Draft(topic: "readback", partition: Int32($0 % 2), key: "k\($0)", value: "v\($0)")
    }
    let report = try #require(try await producer.send(Envelope(drafts)))
    #expect(report.failures == [])
    let lines = await kit.kcat("readback", format: "%p %o %k %s\\n")
    let sent = try drafts.indices.map { index in
      "\(index % 2) \(try #require(report.offsets[index])) k\(index) v\(index)"
    }
    #expect(Set(lines) == Set(sent))
    #expect(lines.count == 5000)
  }

  @Test func `asking for metadata and sending to an unknown topic creates nothing`() async throws {
    let producer = try await producer("known")
    let batch = Envelope([Draft(topic: "never-made"), Draft(topic: "known")])
    let report = try #require(try await producer.send(batch))
    #expect(report.failures.map(\.fate) == [.unknownTopicOrPartition])
    #expect(
      await producer.messageSizeMax(topics: ["known", "nowhere"], timeout: .seconds(5)) == nil
    )
    #expect(await kit.topics().isDisjoint(with: ["never-made", "nowhere"]))
    #expect(try await producer.metadata(timeout: .seconds(300)).clusterID?.count == 22)
  }

  @Test func `the size limit of topics is known, and blames one row only`() async throws {
    let limit = ["max.message.bytes": "2000"]
    let producer = try await producer("small", configuration: limit)
    let known = await producer.messageSizeMax(topics: ["small"], timeout: .seconds(300))
    #expect(known == 2000)
    var drafts = (0..<100).map { Draft(topic: "small", value: "v\($0)") }
    drafts[50].value = String(repeating: "x", count: 3000)
    let refused = try #require(try await producer.send(Envelope(drafts)))
    #expect(refused.failures.count == 100)
    #expect(refused.failures.allSatisfy { $0.fate == .refusedWithRequest })
    let indexes = refused.failures.map(\.index)
    let report = try #require(
      try await producer.send(refused.envelope, .isolated(indexes, perRequest: 1))
    )
    #expect(report.failures.map(\.index) == [50])
    #expect(report.failures.map(\.fate) == [.refused])
    #expect(await kit.kcat("small").count == 99)
  }

  @Test func `one message too large among many batches in flight costs only its row`() async throws
  {
    let producer = try await producer("crowd", configuration: ["max.message.bytes": "20000"])
    let limit = try #require(
      await producer.messageSizeMax(topics: ["crowd", "crowd"], timeout: .seconds(300))
    )
    try await producer.limitRequests(to: limit)
    for number in 0..<6 {
      var drafts = (0..<1000).map { Draft(topic: "crowd", key: "\(number)", value: "\($0)") }
      if number == 2 { drafts[500].value = String(repeating: "x", count: 30_000) }
      try await producer.submit(Envelope(drafts), number: number)
    }
    var reports: [BatchReport] = []
    while reports.count < 6 {
      let more = await producer.completed(waitingUpTo: .seconds(300))
      guard !more.isEmpty else { break }
      reports += more
    }
    #expect(reports.map(\.number) == Array(0..<6))
    var refused: [[Int]] = []
    for report in reports where !report.failures.isEmpty {
      #expect(report.failures.allSatisfy { $0.fate == .refusedWithRequest })
      let indexes = report.failures.map(\.index)
      let again = try #require(
        try await producer.send(
          report.envelope,
          number: report.number,
          .isolated(indexes, perRequest: 1)
        )
      )
      for failure in again.failures {
        #expect(failure.fate == .refused)
        refused.append([again.number, failure.index])
      }
    }
    #expect(refused == [[2, 500]])
    #expect(Set(await kit.kcat("crowd")).count == 5999)
    #expect(await kit.kcat("crowd").count == 5999)
  }

  @Test func `a record without a key on a compacted topic is refused alone`() async throws {
    let producer = try await producer("compacted", configuration: ["cleanup.policy": "compact"])
    let batch = Envelope([
      Draft(topic: "compacted", key: "a"), Draft(topic: "compacted", key: nil),
    ])
    let first = try #require(try await producer.send(batch))
    #expect(first.failures.map(\.fate) == [.refusedWithRequest, .refusedWithRequest])
    let second = try #require(
      try await producer.send(first.envelope, .isolated([0, 1], perRequest: 1))
    )
    #expect(second.failures.map(\.index) == [1])
    #expect(second.failures.map(\.fate) == [.refused])
  }

  @Test func `a transaction commits messages and offset together`() async throws {
    let producer = try await transactional("tx", id: "sluice.tx")
    #expect(try await producer.groupOffsets(of: "sluice.tx", timeout: .seconds(300)) == [])
    for number in 1...2 {
      try await producer.begin()
      let report = try #require(try await producer.send(Envelope([Draft(topic: "tx")])))
      #expect(report.failures == [])
      try await producer.commit(
        offset: Int64(number),
        metadata: "token\(number)",
        topic: "tx",
        group: "sluice.tx",
        timeout: .seconds(300)
      )
    }
    try await producer.begin()
    _ = try await producer.send(Envelope([Draft(topic: "tx", value: "aborted")]))
    try await producer.abort(timeout: .seconds(300))
    let offsets = try await producer.groupOffsets(of: "sluice.tx", timeout: .seconds(300))
    #expect(
      offsets == [CommittedOffset(topic: "tx", partition: 0, offset: 2, metadata: "token2")]
    )
    let reader = try TopicReader(settings: settings)
    #expect(
      await reader.read(["tx": 1], timeout: .seconds(300)).map { $0.value?.text } == ["{}", "{}"]
    )
    try await producer.deleteGroup("sluice.tx", timeout: .seconds(300))
    #expect(try await producer.groupOffsets(of: "sluice.tx", timeout: .seconds(300)) == [])
    try await producer.deleteGroup("sluice.tx", timeout: .seconds(300))
  }

  @Test func `a second producer of the same id fences the first`() async throws {
    let first = try await transactional("fence", id: "sluice.fence")
    try await first.begin()
    _ = try await first.send(Envelope([Draft(topic: "fence", value: "lost")]))
    let second = try await transactional("fence", id: "sluice.fence")
    let error = await #expect(throws: KafkaError.self) {
      try await first.commit(
        offset: 1,
        metadata: "",
        topic: "fence",
        group: "sluice.fence",
        timeout: .seconds(300)
      )
    }
    #expect(error?.code == .fenced)
    #expect(try await second.groupOffsets(of: "sluice.fence", timeout: .seconds(300)) == [])
    let reader = try TopicReader(settings: settings)
    #expect(await reader.read(["fence": 1], timeout: .seconds(300)) == [])
  }

  @Test func `a transaction that waits too long is ended and told as fenced`() async throws {
    var options = ProducerOptions()
    options.transactionalID = "sluice.slow"
    options.transactionTimeout = .seconds(300)
    let producer = try await producer("slow", options: options)
    try await producer.initTransactions(timeout: .seconds(300))
    try await producer.begin()
    _ = try await producer.send(Envelope([Draft(topic: "slow")]))
    await kit.kafka("transactions", "forceTerminateTransaction", "--transactionalId", "sluice.slow")
    let error = await #expect(throws: KafkaError.self) {
      try await producer.commit(
        offset: 1,
        metadata: "",
        topic: "slow",
        group: "sluice.slow",
        timeout: .seconds(300)
      )
    }
    #expect(error?.code == .fenced)
  }

  @Test func `a transaction timeout above what brokers allow is told with the way out`()
    async throws
  {
    var options = ProducerOptions()
    options.transactionalID = "sluice.long"
    // Brokers allow a quarter of an hour by default.
    options.transactionTimeout = .seconds(1200)
    let producer = try await producer("long", options: options)
    let error = await #expect(throws: KafkaError.self) {
      try await producer.initTransactions(timeout: .seconds(300))
    }
    #expect(error?.hint?.contains("transaction.max.timeout.ms") == true)
  }

  @Test func `a message refused inside a transaction makes it abortable`() async throws {
    let producer = try await transactional("txsmall", id: "sluice.txsmall")
    await kit.kafka(
      "configs",
      "--alter",
      "--entity-type",
      "topics",
      "--entity-name",
      "txsmall",
      "--add-config",
      "max.message.bytes=1000"
    )
    try await producer.begin()
    let large = String(repeating: "x", count: 3000)
    let batch = Envelope([Draft(topic: "txsmall", value: large)])
    let report = try #require(try await producer.send(batch))
    #expect(report.failures.map(\.fate) == [.refusedWithRequest])
    let error = await #expect(throws: KafkaError.self) {
      try await producer.commit(
        offset: 1,
        metadata: "",
        topic: "txsmall",
        group: "sluice.txsmall",
        timeout: .seconds(300)
      )
    }
    #expect(error?.code == .abortable)
    try await producer.abort(timeout: .seconds(300))
    try await producer.begin()
    try await producer.abort(timeout: .seconds(300))
  }
}
