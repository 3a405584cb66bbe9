import Configuration
import Foundation

/// A project in a folder of its own, removed with this value.
final class TemporaryProject {
  let directory: String

  /// A project that is right: one source, one destination, one model, one sync; `files` are
  /// written over or beside its own, nil removes one.
  init(_ files: [String: String?] = [:]) throws {
    directory = NSTemporaryDirectory() + "sluice-configuration-\(UUID().uuidString)"
    let all = Self.files.mapValues(Optional.some).merging(files) { _, new in new }
    for (path, text) in all {
      guard let text else { continue }
      try write(Data(text.utf8), to: path)
    }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: directory)
  }

  func write(_ data: Data, to path: String) throws {
    let url = URL(fileURLWithPath: directory).appendingPathComponent(path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(),
      withIntermediateDirectories: true
    )
    try data.write(to: url)
  }

  func load(
    _ environment: [String: String] = [:],
    withTests: Bool = false
  ) -> Configuration.Result {
    let result = Configuration.load(
      directory: directory,
      environment: environment,
      withTests: withTests
    )
    // What the reader takes its schema takes.
    if !result.diagnostics.contains(where: { $0.severity == .error }) { expectValid(directory) }
    return result
  }

  static let files: [String: String] = [
    "sluice.yml": """
    sources:
      shop: {type: sqlite, path: shop.db}
    destinations:
      events: {type: kafka, brokers: embedded}
    """,
    "models/customers.sql": """
    -- ---
    -- primary_key: id
    -- ---
    SELECT id, email FROM customers
    """,
    "syncs/customers.yml": """
    model: customers
    topic: customers
    key: {column: id}
    """,
  ]
}
