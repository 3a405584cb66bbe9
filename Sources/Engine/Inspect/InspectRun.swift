internal import Messages
internal import Rows
internal import Settings
internal import Snapshot
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
    self.run = run
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
    let state = try run.openStateOrScratch(scratchPath)
    let body = RunBody(lookingFor: "inspect", run, state)
    let isConnected = await connect(body, &report)
    let shape = try await run.source.open(run.model)
    try body.checkColumns(shape)
    try await body.checkPrimaryKey()
    let shapes = ShapeCatalog(try await state.shapes())
    let shapeNumber = try await state.number(of: shape)
    shapes[shapeNumber] = shape
    let inspector = RowInspector(
      body: body,
      shape: shape,
      shapeNumber: shapeNumber,
      shapes: shapes,
      isConnected: isConnected
    )
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
    try await inspector.inspect(key, found.rows, &report)
    if report.verdict == .notFound { report.hint = hint(key, found.others) }
  }

  /// Asks which topics there are; where nobody answers the partition stays unknown.
  private func connect(_ body: RunBody, _ report: inout InspectReport) async -> Bool {
    do {
      let cluster = try await run.sink.connect()
      do {
        try await body.checkCluster(cluster)
        _ = try await body.checkSource(try await run.source.origin())
        try await body.checkTopics()
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
    /// The key in question; nil where the result is empty and none was asked for.
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
