import Engine
import Foundation
import Reports
import SQLite
import Settings
import Snapshot
import Synchronization

/// One sync over a SQLite table, with a cluster in memory.
final class Bench: @unchecked Sendable {
  let directory: String
  let sink = RecordingSink()
  let notes = Mutex<[String]>([])
  var sql = "SELECT * FROM t ORDER BY id"
  var primaryKey = ["id"]
  var types: [String: CastType] = [:]
  var sync: SyncSettings

  init(_ setUp: String = "", in parent: String = NSTemporaryDirectory()) throws {
    directory = parent + "/sluice-engine-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    let message = MessageSettings(
      isSelected: true,
      topic: Located(.text("rows")),
      key: Located(.column("id")),
      partition: nil,
      headers: [],
      systemHeaders: [.eventID, .change],
      body: .allColumns
    )
    sync = SyncSettings(
      name: "s",
      file: "syncs/s.yml",
      model: Located("m"),
      destination: Located("events"),
      added: message,
      changed: message,
      removed: message
    )
    if !setUp.isEmpty { try database(setUp) }
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  var statePath: String { location.path }
  var location: StateLocation { StateLocation(sync: "s", directory: directory) }
  var databasePath: String { directory + "/shop.db" }

  var source: any RowSource {
    SQLiteSource(name: "shop", path: databasePath, isImmutable: false)
  }

  func database(_ sql: String) throws {
    let connection = try SQLiteConnection(path: databasePath, mode: .create)
    try connection.execute(sql)
  }

  func each(_ change: (inout MessageSettings) -> Void) {
    change(&sync.added)
    change(&sync.changed)
    change(&sync.removed)
  }

  @discardableResult
  func run(
    _ options: RunOptions = RunOptions(),
    source: (any RowSource)? = nil,
    interruption: RunInterruption = RunInterruption()
  ) async -> RunReport {
    await makeRun(options, source: source, interruption: interruption).execute()
  }

  func makeRun(
    _ options: RunOptions = RunOptions(),
    source: (any RowSource)? = nil,
    interruption: RunInterruption = RunInterruption()
  ) -> SyncRun {
    let model = ModelSettings(
      name: "m",
      file: "models/m.sql",
      sql: sql,
      source: "shop",
      primaryKey: primaryKey.map { Located($0) },
      types: types.mapValues { Located($0) }
    )
    return SyncRun(
      sync: sync,
      model: model,
      source: source ?? self.source,
      sink: sink,
      statePath: statePath,
      options: options,
      interruption: interruption,
      note: { [weak self] text in self?.notes.withLock { $0.append(text) } }
    )
  }

  /// Key and change of every message since the last call.
  func arrivals() -> [String] {
    sink.takeMessages().map { "\($0.headers["change"] ?? "?") \($0.key ?? "-")" }
  }

  /// Value of every message since the last call.
  func values() -> [String] { sink.takeMessages().map { $0.value ?? "null" } }
}
