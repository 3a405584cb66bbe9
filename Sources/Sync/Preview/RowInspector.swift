internal import Messages
internal import Reports
internal import Rows
internal import Settings
internal import State

/// Finds out what the next run would do with one row.
struct RowInspector {
  let prepared: PreparedSync
  /// Whether a broker said which topics there are.
  let isConnected: Bool

  var shape: Shape { prepared.shape }
  var shapes: ShapeCatalog { prepared.preparation.shapes }
  var state: StateFile { prepared.state }
  var sync: SyncSettings { prepared.sync }
  var primaryKey: [String] { prepared.preparation.primaryKey }

  /// A row on its way, and what becomes of it.
  struct Finding {
    var verdict: InspectReport.Verdict
    var reason: String
    /// As what its message is made.
    var change: Change
    var isBackfill = false
  }

  /// Stops if the messages name columns that the result lacks.
  func checkMessages() throws {
    try composer(stateID: nil, MessagePreview.partitionsUnknown())
      .use(shape, number: prepared.shapeNumber)
  }

  /// Fills `report` for the row with `key`, of which the result holds `rows`.
  func inspect(_ key: String, rows: Page, report: inout InspectReport) async throws {
    let comparison = prepared.comparison
    let stored: StateFile.StoredRow?
    if rows.count > 0 {
      stored = try await state.storedRow(withKeyOf: Array(rows.line(0)), comparison)
    } else {
      stored = try await find(key)
    }
    if rows.count > 1 {
      report.notes.append("\(rows.count) rows of the result have this key; only one can count")
    }
    guard let (finding, line) = try await judge(rows, stored) else {
      return reportMissing(&report)
    }
    // As everything else writes it, however it was asked for.
    report.row = text(line, stored) ?? key
    try await noteLastRun(report.row ?? key, &report)
    report.columns = line.map { ColumnReport.columns(of: $0, shape) } ?? []
    if let stored, let storedShape = shapes[stored.shape] {
      report.snapshot = ColumnReport.columns(of: stored.line, storedShape)
    }
    show(finding, &report)
    let items = rowsToSend(finding, line: line, stored: stored)
    compose(items, finding: finding, stateID: nil, report: &report)
    showVariables(finding, line: line, stored: stored, report: &report)
    try await lookAtPrepared(key, &report)
  }

  private func text(_ line: [UInt8]?, _ stored: StateFile.StoredRow?) -> String? {
    guard let known = line ?? stored?.line,
      let shape = line == nil ? stored.flatMap({ shapes[$0.shape] }) : shape
    else { return nil }
    return KeyText.text(of: known, shape, primaryKey: primaryKey)
  }

  // MARK: - What would be done

  /// Compares as a run would; nil if there is no such row at all.
  private func judge(
    _ rows: Page,
    _ stored: StateFile.StoredRow?
  ) async throws -> (finding: Finding, line: [UInt8]?)? {
    guard rows.count > 0 else {
      guard let stored else { return nil }
      return (try await removal(of: stored), nil)
    }
    let (diff, intent) = try await prepared.makeDiff()
    let batch = diff.process(rows).first ?? diff.finishRows().first
    guard let batch, let change = batch.changes.first, diff.withdrawnRows().isEmpty else {
      let line = Array(rows.line(0))
      return (unchanged(line, stored), line)
    }
    let line = Array(batch.rows.line(0))
    return (judge(change, intent), line)
  }

  private func removal(of stored: StateFile.StoredRow) async throws -> Finding {
    if let rule = sync.removalGrace, let reason = try await reasonToWait(stored, rule) {
      return Finding(verdict: .waiting, reason: reason, change: .removed)
    }
    return sync.removed.isSelected
      ? Finding(verdict: .send, reason: "it is gone from the result", change: .removed)
      : Finding(
        verdict: .notSelected,
        reason: "it is gone from the result, and the trigger `removed` is not selected",
        change: .removed
      )
  }

  /// Why the row counts as missing and not as removed yet; nil if it is removed.
  private func reasonToWait(
    _ stored: StateFile.StoredRow,
    _ rule: RemovalGrace
  ) async throws -> String? {
    let now = prepared.preparation.identity.startedAt
    let known = try await state.absence(of: stored.reference)
    let absence = Absence(since: known?.since ?? now, results: (known?.results ?? 0) + 1)
    if rule.isOver(absence, at: now) { return nil }
    let results = absence.results == 1 ? "1 result" : "\(absence.results) results"
    return "it is gone from the result, and from \(results) in a row: "
      + "its removal waits (removed: {after: \(rule.text)})"
  }

  private func unchanged(_ line: [UInt8], _ stored: StateFile.StoredRow?) -> Finding {
    let differing = differences(line, stored)
    if differing.isEmpty {
      let reason = "the snapshot holds the same values"
      return Finding(verdict: .unchanged, reason: reason, change: .added, isBackfill: true)
    }
    let reason = "only columns differ that do not count (\(differing.joined(separator: ", ")))"
    return Finding(verdict: .ignored, reason: reason, change: .added, isBackfill: true)
  }

  /// Names of the columns whose values differ.
  private func differences(_ line: [UInt8], _ stored: StateFile.StoredRow?) -> [String] {
    guard let stored, let storedShape = shapes[stored.shape] else { return [] }
    let old = Dictionary(
      RowText.columns(of: stored.line, storedShape).map { ($0.name, $0.json) }
    ) { first, _ in first }
    return RowText.columns(of: line, shape).filter {
      old[$0.name] != nil && old[$0.name] != $0.json
    }
    .map(\.name)
  }

  private func judge(_ change: ChangeBatch.RowChange, _ intent: ScanIntent) -> Finding {
    let kind = Change(change.kind) ?? .added
    if intent.isSilent {
      let reason = "`initial_sync: skip` remembers every row and sends none"
      return Finding(verdict: .remembered, reason: reason, change: kind)
    }
    if change.kind == .absorbed {
      let reason = "the model's columns changed: the snapshot takes the new shape"
      return Finding(verdict: .remembered, reason: reason, change: .added, isBackfill: true)
    }
    if change.isSilent {
      let reason = "the trigger `\(kind.rawValue)` is not selected: the change is remembered"
      return Finding(verdict: .notSelected, reason: reason, change: kind)
    }
    let reason =
      switch kind {
      case .added where intent.isFirst: "there is no state yet: the initial sync sends every row"
      case .added: "the snapshot does not hold it"
      case .changed, .removed: "its values differ from the snapshot's"
      }
    return Finding(verdict: .send, reason: reason, change: kind)
  }

  // MARK: - Around it

  private func show(_ finding: Finding, _ report: inout InspectReport) {
    report.verdict = finding.verdict
    report.reason = finding.reason
    report.change = finding.change
    if finding.isBackfill {
      report.notes.append("the message is the one that `sluice backfill \(sync.name)` would send")
    }
  }

  private func noteLastRun(_ key: String, _ report: inout InspectReport) async throws {
    guard let last = try await state.runs(limit: 1).first else { return }
    for problem in try await state.problems(run: last.number) where problem.key == key {
      report.notes.append("the last run: \(problem.kind.rawValue): \(problem.text)")
      return
    }
  }

  /// The row of the snapshot with a key that the result does not hold.
  private func find(_ key: String) async throws -> StateFile.StoredRow? {
    var matcher = KeyMatcher(key: key, primaryKey: primaryKey)
    let page = Page()
    for segment in try await state.liveSegments() {
      let number = try await state.lines(of: segment, into: page)
      guard let shape = shapes[number] else { continue }
      let found = (0..<page.count).filter { matcher.matches(page.line($0), shape) }
        .map { RowReference(segment: segment, slot: UInt32($0)) }
      if found.isEmpty { continue }
      if let row = try await state.storedRow(among: found) { return row }
    }
    return nil
  }

  private func reportMissing(_ report: inout InspectReport) {
    report.verdict = .notFound
    let columns = primaryKey.joined(separator: ", ")
    report.reason =
      "neither the result nor the snapshot has a row with this primary key (\(columns))"
  }
}
