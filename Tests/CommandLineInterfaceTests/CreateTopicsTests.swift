import CommandLineInterface
import Foundation
import TestSupport
import Testing

/// `create_topics` on the real broker, which would create topics by itself if it were asked about one.
@Suite(.enabled(if: KafkaKit.location != nil, "no real Kafka here"))
struct CreateTopicsTests {
  private let kit: KafkaKit

  init() async throws {
    kit = try #require(await KafkaKit.start())
  }

  private static let table = """
    CREATE TABLE t (id INTEGER PRIMARY KEY, region TEXT);
    INSERT INTO t VALUES (1, 'eu'), (2, 'us'), (3, 'eu');
    """

  private func project(
    _ topic: String,
    _ creation: String,
    sync: String = "",
    address: String = "KAFKA_BOOTSTRAP"
  ) throws -> BrokerProject {
    var destination = creation
    if address == "KAFKA_SASL_PLAINTEXT" {
      destination += "\nsasl: {mechanism: plain, username: limited, password: limited-secret}"
    }
    return try BrokerProject(
      kit,
      table: Self.table,
      sync: "topic: \"\(topic)\"\nkey: {column: id}\n\(sync)",
      destination: destination,
      address: address
    )
  }

  @Test func `topics that rows name are made as the configuration says`() async throws {
    let project = try project(
      "made.{{ row.region }}",
      "create_topics: {partitions: 5, replication_factor: 1, config: {cleanup.policy: compact}}"
    )
    let plan = await project.run("plan --log-level error")
    #expect(plan.output.contains("topics that would be created: made.eu, made.us"))
    #expect(await !kit.topics().contains { $0.contains("made.") })
    let outcome = await project.run()
    #expect(outcome.code == .done, "\(outcome.errors)")
    #expect(
      try await project.read("made.eu").map(\.key).sorted { $0 ?? "" < $1 ?? "" } == ["1", "3"]
    )
    #expect(try await project.read("made.us").map(\.key) == ["2"])
    let description = await kit.kafka("topics", "--describe", "--topic", "made.us")
    #expect(description.contains("PartitionCount: 5"))
    #expect(description.contains("cleanup.policy=compact"))
    try project.database("INSERT INTO t VALUES (4, 'asia')")
    #expect(await project.run().code == .done)
    #expect(try await project.read("made.asia").count == 1)
  }

  @Test func `what is left out the broker decides`() async throws {
    let project = try project("defaults", "create_topics: {}")
    #expect(await project.run().code == .done)
    #expect(try await project.read("defaults").count == 3)
  }

  @Test func `nothing is made where nobody asked`() async throws {
    let project = try project("unasked", "create_topics: false")
    let outcome = await project.run()
    #expect(outcome.code == .failed)
    #expect(outcome.errors.contains("has no topic 'unasked'"))
    #expect(await !kit.topics().contains("unasked"))
  }

  @Test(arguments: [
    ("replicas", "{replication_factor: 3}", "Unable to replicate", "replication_factor"),
    ("settings", "{config: {cleanup.polizei: compact}}", "cleanup.polizei", "config"),
    ("values", "{config: {retention.ms: soon}}", "retention.ms", "config"),
  ])
  func `what the broker refuses is told with its reason`(
    _ topic: String,
    _ creation: String,
    _ reason: String,
    _ hint: String
  ) async throws {
    let project = try project("refused-\(topic)", "create_topics: \(creation)")
    let outcome = await project.run()
    #expect(outcome.code == .failed)
    #expect(outcome.errors.contains("the topic 'refused-\(topic)', which row 1 asks for"))
    #expect(outcome.errors.contains(reason), "\(outcome.errors)")
    #expect(outcome.errors.contains("`\(hint)` under `create_topics`"), "\(outcome.errors)")
    #expect(await !kit.topics().contains("refused-\(topic)"))
    let check = await project.run("check --connect --log-level error")
    #expect(check.code == .failed)
    #expect((check.output + check.errors).contains("could not be created"))
    #expect((check.output + check.errors).contains(reason))
  }

  @Test func `a user without the right is told which one is missing`() async throws {
    let project = try project(
      "forbidden",
      "create_topics: {partitions: 1}",
      sync: "unknown_topic: reject\n",
      address: "KAFKA_SASL_PLAINTEXT"
    )
    let outcome = await project.run()
    #expect(outcome.code == .rejected, "\(outcome.errors)")
    let errors = await project.run("errors rows").output
    #expect(errors.contains("the topic 'forbidden' could not be created"), "\(errors)")
    #expect(errors.contains("uthorization"), "\(errors)")
  }

  @Test func `the check says that a topic will be made, and makes none`() async throws {
    let project = try project("later", "create_topics: {partitions: 2, replication_factor: 1}")
    let check = await project.run("check --connect --log-level error")
    #expect(check.code == .done, "\(check.errors)")
    #expect(check.output.contains("will be created: partitions: 2, replicas: 1"), "\(check.output)")
    #expect(await !kit.topics().contains("later"))
  }

  @Test func `a topic that somebody else makes at the same time is used as it is`() async throws {
    let projects = try (0..<3).map { _ in try project("contested", "create_topics: {partitions: 4}")
    }
    async let first = projects[0].run().code
    async let second = projects[1].run().code
    async let third = projects[2].run().code
    let codes = await [first, second, third]
    #expect(codes == [.done, .done, .done])
    #expect(try await projects[0].read("contested").count == 9)
  }
}
