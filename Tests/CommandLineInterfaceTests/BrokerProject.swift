import CommandLineInterface
import Foundation
import TestSupport

// Unsafe for the compiler only: a folder's name never changes.
/// A project over a SQLite file that sends to the real broker, and what kcat reads there.
struct BrokerProject: @unchecked Sendable {
  let folder: TemporaryFolder
  let kit: KafkaKit

  /// Creates a project with one sync; `destination` are more keys of the destination.
  init(
    _ kit: KafkaKit,
    table: String,
    sync: String,
    destination: String = "",
    address: String = "KAFKA_BOOTSTRAP"
  ) throws {
    self.kit = kit
    let lines = ("type: kafka\nbrokers: \(kit[address])\ntls: false\n" + destination)
      .split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
    folder = try TemporaryFolder([
      "sluice.yml":
        "sources:\n  shop: {type: sqlite, path: shop.db}\ndestinations:\n  events:\n\(lines)\n",
      "models/rows.sql": "-- ---\n-- primary_key: id\n-- ---\nSELECT * FROM t ORDER BY id",
    ])
    try write(sync: sync)
    try database(table)
  }

  func write(sync: String) throws { try folder.write("model: rows\n" + sync, to: "syncs/rows.yml") }

  func database(_ sql: String) throws {
    try folder.write(sql, to: "change.sql")
    let (code, _, errors) = Shell.runBlocking(
      "sqlite3 -bail \(folder.path)/shop.db < \(folder.path)/change.sql"
    )
    if code != 0 {
      throw CocoaError(.fileWriteUnknown, userInfo: [NSLocalizedDescriptionKey: errors])
    }
  }

  @discardableResult
  func run(_ line: String = "run --log-level error") async -> Outcome { await folder.run(line) }

  func makeTopic(_ name: String, partitions: Int = 1, _ settings: String...) async {
    await kit.makeTopic(name, partitions: partitions, settings)
  }

  /// Everything in `topic`, partition by partition.
  func read(_ topic: String) async throws -> [BrokerMessage] {
    try await BrokerMessage.read(topic, kit)
  }
}

/// A message as `kcat -J` tells it.
struct BrokerMessage: Equatable {
  var partition: Int
  var key: String?
  var value: String?
  /// Names and values, in their order.
  var headers: [[String]]

  /// The value of a header; nil without it.
  subscript(_ name: String) -> String? { headers.first { $0.first == name }?.last }

  static func read(_ topic: String, _ kit: KafkaKit) async throws -> [BrokerMessage] {
    let command = "\(KafkaKit.reader) -J -b \(kit["KAFKA_BOOTSTRAP"]) -t \(topic)"
    return try await Shell.run(command).output.split(separator: "\n").compactMap { line in
      let json = try JSONSerialization.jsonObject(with: Data(line.utf8))
      guard let message = json as? [String: Any] else { return nil }
      let flat = (message["headers"] as? [Any] ?? []).map { $0 as? String ?? "NULL" }
      return BrokerMessage(
        partition: message["partition"] as? Int ?? -1,
        key: message["key"] as? String,
        value: message["payload"] as? String,
        headers: stride(from: 0, to: flat.count - 1, by: 2).map { [flat[$0], flat[$0 + 1]] }
      )
    }
  }
}
