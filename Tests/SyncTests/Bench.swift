import Blocking
import Connections
import Foundation
import Reports
import SQLite
import Settings
import State
import Synchronization
import Testing

@testable import Sync

/// One sync over a SQLite table, with a cluster in memory.
final class Bench: @unchecked Sendable {
  let directory: String
  let sink = RecordingSink()
  let notes = Mutex<[String]>([])
  var sql = "SELECT * FROM t ORDER BY id"
  var primaryKey = ["id"]
  var types: [String: CastType] = [:]
  var modelName = "m"
  var modelTests: [RowTest] = []
  var gate: ModelGate?
  var sync: SyncSettings
  /// Whether each run that nothing disturbs is planned first, and must do what the plan said.
  var plansFirst = true
  /// The time of day at which a run starts, in microseconds since 1970.
  var wallTime: () -> Int = WallClock.microseconds
  /// Told what runs do.
  var watch: (@Sendable (RunEvent) -> Void)?
  private let runCount = Mutex(0)

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
    let number = runCount.withLock { count in
      count += 1
      return count
    }
    let startedAt = wallTime()
    let prepare = {
      var run = self.makeRun(options, source: source, interruption: interruption)
      run.clock = RunClock(now: run.clock.now, wallTime: { startedAt })
      run.makeID = { "run_\(number)" }
      return run
    }
    let run = prepare()
    let isUndisturbed = source == nil && !interruption.isRequested && !sink.isTroubled
    guard plansFirst, isUndisturbed else { return await run.execute() }
    let plan = await RehearsedPlan(of: prepare(), self)
    let before = sink.messages.count
    let report = await run.execute()
    plan.expect(report, Array(sink.messages.dropFirst(before)))
    return report
  }

  func makeRun(
    _ options: RunOptions = RunOptions(),
    source: (any RowSource)? = nil,
    sink: (any Destination)? = nil,
    interruption: RunInterruption = RunInterruption()
  ) -> SyncRun {
    var model = ModelSettings(
      name: modelName,
      file: "models/m.sql",
      sql: sql,
      source: "shop",
      primaryKey: primaryKey.map { Located($0) },
      types: types.mapValues { Located($0) }
    )
    model.tests = modelTests
    model.gate = gate
    return SyncRun(
      sync: sync,
      model: model,
      source: source ?? self.source,
      sink: sink ?? self.sink,
      statePath: statePath,
      options: options,
      interruption: interruption,
      watch: watch,
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
