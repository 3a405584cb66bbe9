import CommandLineInterface
import Foundation
import TestSupport
import Testing

@Suite struct MessagesCommandTests {
  private func project() async throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    _ = await folder.run("init --quiet")
    let sync = """
      model: customers
      topic: customers
      key: "c-{{ row.id }}"
      message: {template: '{"id": {{ row.id }}, "{% if row.id == 2 %}"{% endif %}": 1}'}
      """
    try folder.write(sync, to: "syncs/customers.yml")
    return folder
  }

  @Test func `messages are listed with their places, and rejected rows with the reason`()
    async throws
  {
    let folder = try await project()
    let none = await folder.run("messages customers")
    #expect(none.code == .failed)
    #expect(none.errors.contains("'sluice run customers' makes it"))
    #expect(await folder.run("run --quiet").code == .rejected)
    let lines = await folder.run("messages customers").output.split(separator: "\n")
    #expect(lines[0].hasPrefix("TIME "))
    #expect(lines[1].contains(" added   1    customers "))
    #expect(lines[1].contains(" c-1  evt_"))
    #expect(lines.last?.contains("rejected: syncs/customers.yml:") == true)
    #expect(lines.last?.contains(": the template gives no valid JSON") == true)
  }

  @Test func `messages are found by key, by row and by topic`() async throws {
    let folder = try await project()
    _ = await folder.run("run --quiet")
    let byKey = await folder.run("messages customers --key c-1 --output json").output
    #expect(byKey == (await folder.run("messages customers --key 1 --output json").output))
    #expect(byKey.contains(#""row":"1","change":"added","outcome":"sent""#))
    #expect(byKey.contains(#""key":"c-1""#))
    #expect(byKey.contains(#""headers":null,"value":null"#))
    let rejected = await folder.run("messages customers --key 2 --output json").output
    #expect(rejected.contains(#""row":"2","change":"added","outcome":"rejected","reason":"syncs/"#))
    let other = await folder.run("messages customers --topic other --output json").output
    #expect(other.contains(#""messages":[]"#))
    let values = await folder.run("messages customers --key 1 --show-values --output json").output
    #expect(values.contains(#""value":{"id":1,"":1}"#))
    #expect(
      await folder.run("messages customers --key 1 --show-values").output.contains("value: {")
    )
    let last = await folder.run("messages customers --limit 1")
    #expect(last.output.split(separator: "\n").count == 2)
    #expect(last.errors.contains("showing the last 1 of"))
    let unknown = await folder.run("messages customers --run run_none")
    #expect(unknown.code == .usage)
    #expect(unknown.errors.contains("unknown run 'run_none'"))
  }

  @Test(
    .enabled(if: KafkaKit.location != nil, "no real Kafka here"),
    arguments: ["at_least_once", "exactly_once"]
  )
  func `the places of messages are those where a foreign consumer finds them`(
    _ delivery: String
  ) async throws {
    let topic = "places.\(delivery)"
    let kit = try #require(await KafkaKit.start())
    await kit.makeTopic(topic, partitions: 5)
    let folder = try await project()
    let destination = "{type: kafka, brokers: \"\(kit["KAFKA_BOOTSTRAP"])\", tls: false}"
    try folder.write(
      """
      sources: {shop: {type: sqlite, path: demo/shop.db}}
      destinations: {events: \(destination)}
      """,
      to: "sluice.yml"
    )
    try folder.write(
      "model: customers\ntopic: \(topic)\nkey: {column: id}\ndelivery: \(delivery)\n",
      to: "syncs/customers.yml"
    )
    let first = await folder.run("run --quiet")
    #expect(first.code == .done, "\(first.errors)")
    var ours = try await places(folder)
    // The second transaction lies behind the mark that ends the first.
    #expect(await folder.run("backfill customers --quiet").code == .done)
    ours += try await places(folder)
    let theirs = await kit.kcat(topic, format: "%p %o %k %h\\n").map { line in
      let parts = line.split(separator: " ")
      let id = parts[3].split(separator: ",").first { $0.hasPrefix("event-id=") }
      return "\(parts[0]) \(parts[1]) \(parts[2]) \(id?.dropFirst(9) ?? "") true"
    }
    #expect(ours.count == 8)
    #expect(ours.sorted() == theirs.sorted())
  }

  /// Partition, offset, key and event id of what the last run sent, and whether its header agrees.
  private func places(_ folder: TemporaryFolder) async throws -> [String] {
    let output = await folder.run("messages customers --output json --show-values").output
    let document = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
    let list = try #require(document?["messages"] as? [[String: Any]])
    return list.map { entry in
      let headers = entry["headers"] as? [String: String] ?? [:]
      return "\(entry["partition"] ?? "") \(entry["offset"] ?? "") \(entry["key"] ?? "") "
        + "\(headers["event-id"] ?? "") \(entry["event_id"] as? String == headers["event-id"])"
    }
  }
}
