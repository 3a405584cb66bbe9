import CommandLineInterface
import Foundation
import TestSupport
import Testing

/// Every property of a message on the real broker, read back with kcat.
@Suite(.enabled(if: KafkaKit.location != nil, "no real Kafka here"))
struct BrokerMessagesTests {
  private let kit: KafkaKit

  init() async throws {
    kit = try #require(await KafkaKit.start())
  }

  private static let people = """
    CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, region TEXT, shard TEXT, data TEXT, raw BLOB);
    INSERT INTO t VALUES (1, 'Ada "L"', 'eu', '2', '{"a": [1, 2]}', x'01ff'),
      (2, 'Zoë', 'us', '3.7', '{"b": null}', NULL), (3, NULL, 'eu', NULL, '7', x'');
    """

  private func project(
    _ topics: [String: Int],
    _ sync: String,
    table: String = people
  ) async throws -> BrokerProject {
    let project = try BrokerProject(kit, table: table, sync: sync)
    for (topic, partitions) in topics { await project.makeTopic(topic, partitions: partitions) }
    return project
  }

  // MARK: - What a broker refuses

  @Test(arguments: ["at_least_once", "exactly_once"])
  func
    `rows without a key on a compacted topic are rejected, however many, and the others arrive once`(
      delivery: String
    ) async throws
  {
    let topic = "m.refused.\(delivery)"
    let sync = "topic: \(topic)\nkey: {column: k}\ndelivery: \(delivery)\n"
    let project = try await project(
      [:],
      sync,
      table: """
        CREATE TABLE t (id INTEGER PRIMARY KEY, k);
        INSERT INTO t WITH RECURSIVE s(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM s WHERE v < 300)
        SELECT v, CASE WHEN v % 10 = 0 THEN NULL ELSE 'k' || v END FROM s;
        """
    )
    await project.makeTopic(topic, partitions: 2, "cleanup.policy=compact")
    for _ in 0..<2 {
      let outcome = await project.run()
      #expect(outcome.code == .rejected, "\(outcome.errors)")
    }
    let keys = try await project.read(topic).compactMap(\.key)
    #expect(keys.count == 270 && Set(keys).count == 270)
    let problems = await project.run("errors rows")
    #expect(problems.output.contains("has no key") && problems.output.contains("=compact"))
    try project.database("UPDATE t SET k = 'k' || id")
    #expect(await project.run().code == .done)
    #expect(try await project.read(topic).count == 300)
  }

  @Test(arguments: ["at_least_once", "exactly_once"])
  func `a row that moves and is refused leaves no null value, and both messages once it is smaller`(
    delivery: String
  ) async throws {
    let topic = "m.moved.\(delivery)"
    let project = try await project(
      [:],
      "topic: \(topic)\nkey: {column: id}\npartition: {column: shard}\non_move: tombstone\n"
        + "delivery: \(delivery)\n",
      table: """
        CREATE TABLE t (id INTEGER PRIMARY KEY, shard INTEGER, pad TEXT);
        INSERT INTO t VALUES (1, 0, ''), (2, 1, '');
        """
    )
    await project.makeTopic(
      topic,
      partitions: 3,
      "cleanup.policy=compact",
      "max.message.bytes=2000"
    )
    #expect(await project.run().code == .done)
    try project.database("UPDATE t SET shard = 2, pad = hex(zeroblob(2000)) WHERE id = 1")
    for _ in 0..<2 { #expect(await project.run().code == .rejected) }
    #expect(try await project.read(topic).map(\.partition) == [0, 1])
    #expect(await project.run("errors rows").output.contains("max.message.bytes=2000"))
    try project.database("UPDATE t SET pad = ''")
    #expect(await project.run().code == .done)
    let messages = try await project.read(topic)
    #expect(messages.map(\.partition) == [0, 0, 1, 2])
    #expect(messages.map { $0.value == nil } == [false, true, false, false])
  }

  // MARK: - Topic

  @Test func `topics of triggers, columns and templates`() async throws {
    let project = try await project(
      ["m.topic.eu": 1, "m.topic.us": 1, "m.topic.gone": 1, "m.topic.changed": 1],
      """
      topic: "m.topic.{{ row.region }}"
      key: {column: id}
      triggers: {added: {}, changed: {topic: m.topic.changed}, removed: {topic: m.topic.gone}}
      """
    )
    #expect(await project.run().code == .done)
    #expect(try await project.read("m.topic.eu").map(\.key) == ["1", "3"])
    #expect(try await project.read("m.topic.us").map(\.key) == ["2"])
    try project.database("UPDATE t SET name = 'x' WHERE id = 1; DELETE FROM t WHERE id = 2")
    #expect(await project.run().code == .done)
    #expect(try await project.read("m.topic.changed").map(\.key) == ["1"])
    #expect(try await project.read("m.topic.gone").map(\.key) == ["2"])
  }

  @Test func `a topic that is not there fails its batch, or rejects its rows`() async throws {
    let sync = "topic: {column: region}\nkey: {column: id}\n"
    let project = try await project(["eu": 1], sync)
    let failed = await project.run()
    #expect(failed.code == .failed)
    #expect(
      failed.errors.contains(
        "destination events has no topic 'us', which row 2 asks for: 3 rows of its batch were not sent"
      ),
      "\(failed.errors)"
    )
    #expect(try await project.read("eu") == [])
    try project.write(sync: sync + "unknown_topic: reject\n")
    #expect(await project.run().code == .rejected)
    #expect(try await project.read("eu").map(\.key) == ["1", "3"])
    #expect(await project.run("errors rows").output.contains("the topic 'us' does not exist"))
    #expect(await !kit.topics().contains("us"))
  }

  // MARK: - Key and partition

  @Test(arguments: [
    ("{column: name}", ["Ada \"L\"", "Zoë", nil]),
    ("\"{{ row.id }}-{{ row.region }}\"", ["1-eu", "2-us", "3-eu"]),
    ("{value: same}", ["same", "same", "same"]), ("{variable: row.region}", ["eu", "us", "eu"]),
    (
      "{jmespath: \"join('/', [metadata.model, data.region])\"}", ["rows/eu", "rows/us", "rows/eu"]
    ),
  ])
  func `keys`(_ key: String, _ expected: [String?]) async throws {
    let topic = "m.key.\(abs(key.hashValue))"
    let project = try await project([topic: 1], "topic: \(topic)\nkey: \(key)\n")
    #expect(await project.run().code == .done)
    #expect(try await project.read(topic).map(\.key) == expected)
  }

  @Test func `keys of the same bytes as Kafka's own producer go where it puts them`() async throws {
    let keys =
      [
        "1", "a", "ab", "abc", "abcd", "Zoë", "日本語", "with space", "\"quoted\"", "x/y", "-5",
        "4.50",
      ]
      + (0..<200).map { "key-\($0)-" + String(repeating: "z", count: $0 % 23) }
    let rows = keys.enumerated().map { "(\($0.offset), '\($0.element)')" }.joined(separator: ",")
    let project = try await project(
      ["m.murmur.ours": 7, "m.murmur.java": 7],
      "topic: m.murmur.ours\nkey: {column: k}\n",
      table: "CREATE TABLE t (id INTEGER PRIMARY KEY, k TEXT); INSERT INTO t VALUES \(rows);"
    )
    #expect(await project.run().code == .done)
    let lines = keys.map { "\($0)\tv" }.joined(separator: "\n")
    try project.folder.write(lines + "\n", to: "keys.txt")
    let tool = "\(KafkaKit.location ?? "")/bin/kafka console-producer --topic m.murmur.java"
    let said = await Shell.run(
      "source \(kit.folder)/env; \(tool) --property parse.key=true < \(project.folder.path)/keys.txt"
    )
    func placement(_ topic: String) async throws -> [String: Int] {
      let messages = try await project.read(topic)
      return Dictionary(messages.map { ($0.key ?? "", $0.partition) }) { first, _ in first }
    }
    let java = try await placement("m.murmur.java")
    #expect(java.count == keys.count, "\(said.errors)")
    #expect(Set(java.values) == Set(0..<7))
    #expect(try await placement("m.murmur.ours") == java)
  }

  @Test func `a partition wins over the key, and what is none counts as absent`() async throws {
    let project = try await project(
      ["m.partition": 5],
      "topic: m.partition\nkey: {value: same}\npartition: {column: shard}\n",
      table: """
        CREATE TABLE t (id INTEGER PRIMARY KEY, shard TEXT);
        INSERT INTO t VALUES (1, '0'), (2, '3'), (3, '3.7'), (4, ''), (5, NULL), (6, 'x'), (7, '-1'),
          (8, '5'), (9, '4');
        """
    )
    let outcome = await project.run("run --log-level error --output json")
    #expect(outcome.code == .rejected)
    #expect(outcome.output.contains(#""ignored_partitions":4"#), "\(outcome.output)")
    #expect(outcome.output.contains(#""rejected":2"#), "\(outcome.output)")
    var places: [Int: Int] = [:]
    for message in try await project.read("m.partition") {
      let row = try JSONSerialization.jsonObject(with: Data((message.value ?? "").utf8))
      places[(row as? [String: Any])?["id"] as? Int ?? 0] = message.partition
    }
    #expect([places[1], places[2], places[9]] == [0, 3, 4])
    #expect(Set([3, 4, 5, 6].map { places[$0] }).count == 1)
    #expect(places[7] == nil && places[8] == nil)
  }

  @Test func `with neither, messages of many batches and runs are spread evenly`() async throws {
    let project = try await project(
      ["m.even": 6],
      "topic: m.even\ntriggers: [added]\nmessage: {columns: [id]}\n",
      table: """
        CREATE TABLE t (id INTEGER PRIMARY KEY);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25000)
        INSERT INTO t SELECT i FROM n;
        """
    )
    #expect(await project.run().code == .done)
    func counts() async throws -> [Int] {
      let messages = try await project.read("m.even")
      return (0..<6).map { partition in messages.count { $0.partition == partition } }
    }
    let first = try await counts()
    #expect(first.reduce(0, +) == 25_000)
    #expect((first.max() ?? 0) - (first.min() ?? 0) <= 1, "\(first)")
    #expect(await project.run("check").output.contains("no order") == false)
    try project.write(sync: "topic: m.even\nmessage: {columns: [id]}\n")
    let check = await project.run("check")
    #expect((check.output + check.errors).contains("no order per row"))
  }

  // MARK: - Headers

  @Test func `headers of every form, NULL left out and empty kept`() async throws {
    let project = try await project(
      ["m.headers": 1],
      """
      topic: m.headers
      key: {column: id}
      system_headers: none
      headers:
        name: {column: name}
        raw: {column: raw}
        fixed: "yes"
        number: 1.50
        empty: {value: ""}
        template: "{{ row.region | upcase }}"
        expression: {jmespath: "data.[id, region]"}
        nothing: {jmespath: data.name}
      """
    )
    #expect(await project.run().code == .done)
    let messages = try await project.read("m.headers")
    let names = ["name", "raw", "fixed", "number", "empty", "template", "expression", "nothing"]
    #expect(messages.first?.headers.map { $0[0] } == names)
    let third = try #require(messages.last)
    #expect(
      third.headers == [
        ["raw", ""], ["fixed", "yes"], ["number", "1.50"], ["empty", ""], ["template", "EU"],
        ["expression", #"[3,"eu"]"#],
      ]
    )
  }

  @Test func `bytes go as they are in keys and headers`() async throws {
    let project = try await project(
      ["m.bytes": 1],
      "topic: m.bytes\nkey: {column: raw}\nsystem_headers: none\nheaders: {h: {column: raw}}\n"
    )
    #expect(await project.run().code == .done)
    let kcat = "kcat -C -e -q -b \(kit["KAFKA_BOOTSTRAP"]) -t m.bytes -c 1 -f '%k|%h'"
    let dump = await Shell.run("timeout 900 \(kcat) | od -An -tx1").output
    #expect(
      dump.split(whereSeparator: \.isWhitespace).joined(separator: " ") == "01 ff 7c 68 3d 01 ff"
    )
  }

  @Test func `system headers`() async throws {
    let project = try await project(
      ["m.system": 1],
      "topic: m.system\nkey: {event_id: true}\nsystem_headers: all\nheaders: {topic: mine}\n"
    )
    let before = Int(Date().timeIntervalSince1970)
    #expect(await project.run().code == .done)
    let message = try #require(try await project.read("m.system").first)
    #expect(message.key == message["event-id"])
    #expect(message["change"] == "added")
    #expect(message["content-type"] == "application/json")
    #expect(message.headers.filter { $0[0] == "topic" } == [["topic", "mine"]])
    let time = try #require(message["timestamp"].flatMap { Int($0) })
    #expect(time >= before && time < before + 600)
    #expect(Set(try await project.read("m.system").map { $0["event-id"] }).count == 3)
  }

  // MARK: - Bodies

  @Test(arguments: [
    (
      "{columns: all}",
      #"{"id":2,"name":"Zoë","region":"us","shard":"3.7","data":"{\"b\": null}","raw":null}"#
    ),
    ("{columns: [name, id]}", #"{"name":"Zoë","id":2}"#),
    (
      "{columns: {n: name, at: {region: region, is: {value: true}}, id: '{{ row.id }}'}}",
      #"{"n":"Zoë","at":{"region":"us","is":true},"id":2}"#
    ),
    ("{column: data}", #"{"b":null}"#),
    ("{jmespath: '{n: data.name, m: metadata.change}'}", #"{"n":"Zoë","m":"added"}"#),
    (
      #"{template: '{ "n": "{{ row.name }}", "id": {{ row.id }}, "of": {{ sync.name }} }'}"#,
      #"{"n":"Zoë","id":2,"of":"rows"}"#
    ),
  ])
  func `bodies`(_ body: String, _ second: String) async throws {
    let topic = "m.body.\(abs(body.hashValue))"
    let sync = "topic: \(topic)\nkey: {column: id}\nmessage: \(body)\n"
    let project = try await project([topic: 1], sync)
    #expect(await project.run().code == .done)
    #expect(try await project.read(topic).map(\.value).dropFirst().first == second)
  }

  @Test func `a removed row leaves a null value under its key`() async throws {
    let project = try await project(
      ["m.tombstone": 1],
      """
      topic: m.tombstone
      key: {column: id}
      triggers: {added: {}, removed: {message: tombstone}}
      """
    )
    await project.run()
    try project.database("DELETE FROM t WHERE id = 2")
    #expect(await project.run().code == .done)
    let last = try #require(try await project.read("m.tombstone").last)
    #expect(last.key == "2")
    #expect(last.value == nil)
    #expect(last["change"] == "removed")
    // kcat tells a null value from an empty one by its length.
    #expect(await kit.kcat("m.tombstone", format: "%k %S\\n").last == "2 -1")
  }

  @Test func `what a row was before, and which columns differ`() async throws {
    let project = try await project(
      ["m.previous": 1],
      """
      topic: m.previous
      key: {column: id}
      message:
        template: >
          {"was": {{ previous.name }}, "is": {{ row.name }}, "columns": {{ changed_columns | json | raw }},
           "change": "{{ change }}"}
      """
    )
    await project.run()
    try project.database("UPDATE t SET name = 'Z', region = NULL WHERE id = 2")
    #expect(await project.run().code == .done)
    #expect(
      try await project.read("m.previous").last?.value
        == #"{"was":"Zoë","is":"Z","columns":["name","region"],"change":"changed"}"#
    )
  }

  @Test func `a row that moves leaves its own message, then a null value`() async throws {
    let project = try await project(
      ["m.move": 1],
      "topic: m.move\nkey: {column: region}\non_move: tombstone\nnull_values: unchecked\nmessage: {columns: [id]}\n"
    )
    await project.run()
    try project.database("UPDATE t SET region = 'asia' WHERE id = 2")
    let outcome = await project.run("run --log-level error --output json")
    #expect(outcome.output.contains(#""moved":1"#))
    let both = try await project.read("m.move").suffix(2)
    #expect(both.map(\.key) == ["asia", "us"])
    #expect(both.map(\.value) == [#"{"id":2}"#, nil])
    #expect(both.map { $0["change"] } == ["changed", "moved"])
    #expect(Set(both.map { $0["event-id"] }).count == 2)
  }
}
