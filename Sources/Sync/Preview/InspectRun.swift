internal import Messages
internal import Rows
internal import Settings
internal import State
internal import Spelling

public import Reports

/// Looks at one row as the next run would, and does nothing of what that would do.
public struct InspectRun: Sendable {
  let run: SyncRun
  private let key: String?
  private let scratchPath: String

  /// Prepares to look at the row with `key`, or at the first one.
  ///
  /// `key` has its columns separated by commas, or is a JSON array of them. A sync without state is
  /// compared with an empty one at `scratchPath`, which the caller deletes.
  public init(of run: SyncRun, key: String?, scratchPath: String) {
    var looking = run
    looking.purpose = .inspection
    self.run = looking
    self.key = key
    self.scratchPath = scratchPath
  }

  /// Looks; nothing is written or sent.
  public func execute() async -> InspectReport {
    var report = InspectReport(sync: run.sync.name, row: key)
    do {
      try await inspect(&report)
    } catch {
      report.error = SyncRun.runError(error)
    }
    await run.source.close()
    return report
  }

  private func inspect(_ report: inout InspectReport) async throws {
    let state = try await run.openStateOrScratch(scratchPath)
    let identity = RunIdentity(id: "inspect", startedAt: run.clock.wallTime())
    let preparation = try await SyncPreparation(run, state: state, identity: identity)
    let isConnected = await connect(preparation, &report)
    let prepared = try await preparation.open()
    let shape = prepared.shape
    let inspector = RowInspector(prepared: prepared, isConnected: isConnected)
    try inspector.checkMessages()
    let found = try await find(shape)
    if let invalid = found.invalid {
      report.verdict = .invalid
      report.reason = "a column of its primary key is NULL: it is never sent"
      report.columns = ColumnReport.columns(of: invalid, shape)
      return
    }
    guard let key = found.key else {
      report.reason = "the result has no rows"
      return
    }
    report.row = key
    try await inspector.inspect(key, rows: found.rows, report: &report)
    if report.verdict == .notFound { report.hint = hint(key, found.others) }
  }

  /// Asks which topics there are; if nobody answers the partition stays unknown.
  private func connect(
    _ preparation: SyncPreparation,
    _ report: inout InspectReport
  ) async -> Bool {
    do {
      let cluster = try await run.sink.connect()
      do {
        try await preparation.checkCluster(cluster)
        _ = try await preparation.checkSource(try await run.source.origin())
        try await preparation.checkTopics()
      } catch {
        report.notes.append(SyncRun.runError(error).message)
      }
      return true
    } catch {
      report.notes.append(
        "no broker was asked (\(SyncRun.runError(error).message)): "
          + "whether the topic exists and its partitions are not known"
      )
      return false
    }
  }

  /// The rows of the result that matter.
  private struct Found {
    /// The key in question; nil if the result is empty and none was asked for.
    var key: String?
    /// The rows with that key.
    var rows = Page()
    /// Keys of the first rows, where none has the key in question.
    var others: [String] = []
    /// The first row, where it has no key.
    var invalid: [UInt8]?
  }

  private func find(_ shape: Shape) async throws -> Found {
    let primaryKey = run.model.primaryKey.map(\.value)
    let page = Page()
    guard let key else {
      guard try await run.source.read(into: page), page.count > 0 else { return Found() }
      let line = page.line(0)
      guard let key = KeyText.text(of: line, shape, primaryKey: primaryKey) else {
        return Found(invalid: Array(line))
      }
      let rows = Page()
      rows.append(line)
      return Found(key: key, rows: rows)
    }
    var matcher = KeyMatcher(key: key, primaryKey: primaryKey)
    var found = Found(key: key)
    while try await run.source.read(into: page) {
      try run.interruption.check()
      if found.others.isEmpty {
        found.others = (0..<page.count).compactMap {
          KeyText.text(of: page.line($0), shape, primaryKey: primaryKey)
        }
      }
      for index in 0..<page.count where matcher.matches(page.line(index), shape) {
        if found.rows.count < Self.rowsMax { found.rows.append(page.line(index)) }
      }
    }
    return found
  }

  private func hint(_ key: String, _ others: [String]) -> String? {
    if let nearest = Spelling.nearest(to: key, among: others) {
      return "did you mean '\(nearest)'?"
    }
    if others.isEmpty { return "the result has no rows with a key" }
    return "primary keys of the result look like \(others.prefix(3).joined(separator: " · "))"
  }

  /// Most rows with one key that are looked at.
  private static let rowsMax = 1000
}
