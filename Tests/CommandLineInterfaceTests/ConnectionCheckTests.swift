import CommandLineInterface
import Foundation
import TestSnapshots
import TestSupport
import Testing

/// `sluice check --connect` where things are wrong.
@Suite struct ConnectionCheckTests {
  private func check(_ text: String, _ name: String) {
    let difference = Snapshot.difference(text, from: name)
    #expect(difference == nil, "\(difference ?? "")")
  }

  /// The example project with other files.
  private func project(_ files: [String: String]) async throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    _ = await folder.run("init --quiet")
    for (name, text) in files { try folder.write(text, to: name) }
    return folder
  }

  @Test func `a project that works is all ticks`() async throws {
    let folder = try await project([:])
    let outcome = await folder.run("check --connect --log-level error")
    #expect(outcome.code == .done)
    check(outcome.text(without: folder.path), "connect")
    #expect(await folder.run("check --connect --quiet").output == "")
  }

  @Test func `models and messages are checked against the columns that there are`() async throws {
    let folder = try await project([
      "models/customers.sql": "-- ---\n-- primary_key: idd\n-- ---\nSELECT id, name FROM customers",
      "models/orders.sql": "-- ---\n-- primary_key: id\n-- ---\nSELECT id FROM ordrs",
      "models/people.sql": "-- ---\n-- primary_key: id\n-- ---\nSELECT id, name FROM customers",
      "syncs/orders.yml": "model: orders\ntopic: orders\nkey: {column: id}\n",
      "syncs/people.yml": "model: people\ntopic: people\nkey: {column: nam}\n",
    ])
    let outcome = await folder.run("check --connect --log-level error")
    #expect(outcome.code == .configuration)
    check(outcome.text(without: folder.path), "connect-columns")
  }

  @Test func `a check ends although a host never answers`() async throws {
    let silent = try #require(StandIn { _ in nil })
    let folder = try await project([
      "sluice.yml": """
      sources:
        shop: {type: sqlite, path: demo/shop.db}
        far: {type: postgres, host: 127.0.0.1, port: \(silent.port), dbname: d, connect_timeout: 2}
      destinations:
        clear: {type: kafka, brokers: "127.0.0.1:\(silent.port)", tls: false, timeouts: {connect: 1s}}
        secure: {type: kafka, brokers: "127.0.0.1:\(silent.port)", timeouts: {connect: 1s}}
      """,
      "models/customers.sql":
        "-- ---\n-- source: shop\n-- primary_key: id\n-- ---\nSELECT id FROM customers",
      "syncs/customers.yml":
        "model: customers\ndestination: clear\ntopic: t\nkey: {column: id}\n",
    ])
    let outcome = await folder.run("check --connect --output json")
    #expect(outcome.code == .failed)
    #expect(outcome.output.components(separatedBy: #""verdict":"failed""#).count == 4)
  }

  @Test(.enabled(if: KafkaKit.location != nil, "no real Kafka here"))
  func `a check states its longest time and ends, whatever hangs`() async throws {
    // A cluster of its own: nobody else's may stand still.
    let kit = try #require(await KafkaKit.start(["broker.rack=paused"]))
    let hole = try #require(BlackHole())
    let folder = try await project([
      "sluice.yml": """
      sources: {shop: {type: sqlite, path: demo/shop.db}}
      destinations:
        paused: {type: kafka, brokers: "\(kit["KAFKA_BOOTSTRAP"])", tls: false,
                 timeouts: {connect: 2s}}
        dropped: {type: kafka, brokers: ["127.0.0.1:\(hole.port)", "127.0.0.1:\(hole.port)"],
                  tls: false, timeouts: {connect: 2s}}
      """,
      "syncs/customers.yml":
        "model: customers\ndestination: paused\ntopic: t\nkey: {column: id}\n",
    ])
    await kit.script("kafka-pause")
    // It ends while the cluster still stands still.
    let outcome = await folder.run("check --connect")
    await kit.script("kafka-resume")
    #expect(outcome.errors.contains("at most 60 s"), "\(outcome.errors)")
    #expect(outcome.code == .failed)
    for name in ["paused", "dropped"] {
      #expect(outcome.output.contains("✗  destination \(name)"), "\(outcome.output)")
    }
    #expect(outcome.output.contains("no answer in time"), "\(outcome.output)")
  }

  @Test(.enabled(if: PostgresCluster.isInstalled, "no Postgres here"))
  func `Postgres tells who is logged in and what may be read`() async throws {
    let cluster = try #require(PostgresCluster.shared)
    let database = cluster.makeDatabase(
      """
      CREATE TABLE t (id int8 PRIMARY KEY, name text);
      CREATE ROLE check_reader LOGIN;
      GRANT SELECT ON t TO check_reader;
      CREATE TABLE hidden (id int);
      """
    )
    let source = { (user: String) in
      """
      sources:
        db: {type: postgres, host: 127.0.0.1, port: \(cluster.port), dbname: \(database), user: \(user)}
      destinations: {events: {type: kafka, brokers: embedded}}
      """
    }
    let folder = try await project([
      "sluice.yml": source("check_reader"),
      "models/customers.sql": "-- ---\n-- primary_key: id\n-- ---\nSELECT * FROM t",
    ])
    let reader = await folder.run("check --connect")
    #expect(reader.code == .done, "\(reader.output)")
    #expect(reader.output.contains("it writes no table"))
    #expect(reader.output.contains("id bigint, name text"))
    try folder.write(source("postgres"), to: "sluice.yml")
    let superuser = await folder.run("check --connect")
    #expect(superuser.code == .done)
    #expect(superuser.output.contains("a superuser"))
    #expect(superuser.output.contains("give it a role of its own"))
    try folder.write(source("check_reader"), to: "sluice.yml")
    try folder.write(
      "-- ---\n-- primary_key: id\n-- ---\nSELECT * FROM hidden",
      to: "models/customers.sql"
    )
    let denied = await folder.run("check --connect")
    #expect(denied.code == .configuration)
    #expect(denied.output.contains("permission denied for table hidden"), "\(denied.output)")
  }
}

/// What `sluice check --connect` says of topics on a real broker.
@Suite(.enabled(if: KafkaKit.location != nil, "no real Kafka here"))
struct TopicCheckTests {
  private func outcome(
    _ kit: KafkaKit,
    user: String,
    _ syncs: [String: String]
  ) async throws
    -> Outcome
  {
    let folder = try TemporaryFolder()
    _ = await folder.run("init --quiet")
    try FileManager.default.removeItem(atPath: folder.path + "/syncs/customers.yml")
    try folder.write(
      """
      sources: {shop: {type: sqlite, path: demo/shop.db}}
      destinations:
        events:
          type: kafka
          brokers: \(kit["KAFKA_SASL_SSL"])
          ca: \(kit["KAFKA_CA"])
          sasl: {mechanism: scram-sha-512, username: \(user), password: \(user)-secret}
      """,
      to: "sluice.yml"
    )
    for (name, text) in syncs {
      try folder.write("model: customers\n" + text, to: "syncs/\(name).yml")
    }
    return await folder.run("check --connect --log-level error")
  }

  @Test func `topics are compared with what the syncs send`() async throws {
    let kit = try #require(await KafkaKit.start())
    await kit.makeTopic("customers", partitions: 3)
    await kit.makeTopic("latest", ["cleanup.policy=compact"])
    await kit.makeTopic("tight", ["min.insync.replicas=2"])
    let outcome = try await outcome(
      kit,
      user: "sluice",
      [
        "misspelt": "topic: custommers\nkey: {column: id}\n",
        "keyless": "topic: latest\n",
        "tombstones":
          "topic: customers\nkey: {column: id}\ntriggers: {removed: {message: tombstone}}\n",
        "tight": "topic: tight\nkey: {column: id}\n",
        "by-row": "topic: {column: name}\nkey: {column: id}\n",
      ]
    )
    #expect(outcome.code == .failed)
    for text in [
      "did you mean 'customers'?", "partitions: 3, replicas: 1",
      "a compacted topic refuses messages without a key, which keyless sends",
      "tombstones on a topic that is not compacted", "min.insync.replicas is 2",
      "known only row by row", "max.message.bytes=1048588", "Kafka 4.3, cluster ",
    ] {
      #expect(outcome.output.contains(text), "\(text) is not in\n\(outcome.output)")
    }
  }

  @Test func `rights that are missing are named`() async throws {
    let kit = try #require(await KafkaKit.start())
    await kit.makeTopic("allowed.a")
    await kit.makeTopic("allowed.read-only")
    await kit.kafka(
      "acls",
      "--add",
      "--deny-principal",
      "User:limited",
      "--operation",
      "write",
      "--topic",
      "allowed.read-only"
    )
    let outcome = try await outcome(
      kit,
      user: "limited",
      [
        "a": "topic: allowed.a\nkey: {column: id}\n",
        "b": "topic: allowed.read-only\nkey: {column: id}\n",
      ]
    )
    #expect(outcome.code == .failed)
    #expect(outcome.output.contains("?  topic allowed.a"), "\(outcome.output)")
    #expect(outcome.output.contains("with DescribeConfigs on the topic"))
    #expect(outcome.output.contains("✗  topic allowed.read-only  right to write"))
  }
}
