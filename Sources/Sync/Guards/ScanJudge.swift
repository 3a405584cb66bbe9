internal import Messages
internal import Reports
internal import Rows
internal import Settings
internal import State

/// Judges a complete scan whose batches are staged.
struct ScanJudge {
  let prepared: PreparedSync
  let intent: ScanIntent
  let counts: Diff.Counts

  private var sync: SyncSettings { prepared.sync }
  private var state: StateFile { prepared.state }
  private var preparation: SyncPreparation { prepared.preparation }

  /// Examples of each kind in an error.
  private static let examplesMax = 3
  /// Removed rows that are compared with added ones: 5 MB of hashes.
  private static let comparedMax = 100_000

  /// Why the run stops before its first message; nil if it may continue.
  ///
  /// Changes of the rows in `withdrawn` will be taken back, or were judged by an earlier run: they are
  /// not examples.
  func stop(withdrawing withdrawn: Set<RowReference>) async throws -> RunError? {
    let figures = try await found(withdrawing: withdrawn)
    let hits = intent.guards.hits(figures, among: intent.judged)
    return RunError(hits, sync: sync, prepared.run.options)
  }

  /// What the guards judge, with examples if they stop the run.
  func found(withdrawing withdrawn: Set<RowReference>) async throws -> GuardFigures {
    var figures = figures
    if intent.guards.asksForComparison(figures, among: intent.judged) {
      figures.rekeyed = try await rekeyed()
    }
    // Examples are read only for a run that stops.
    if intent.guards.hits(figures, among: intent.judged).isEmpty { return figures }
    figures.examples = try await examples(withdrawn)
    return figures
  }

  private var figures: GuardFigures {
    var figures = intent.figures
    figures.valid = counts.added + counts.changed + counts.unchanged
    figures.added = counts.added - counts.repeated
    figures.changed = counts.changed
    // A row that was missing before was judged then, whether it is removed now or still waits.
    figures.removed = counts.newlyMissing
    return figures
  }

  private func examples(_ withdrawn: Set<RowReference>) async throws -> [Change: [String]] {
    var examples: [Change: [String]] = [:]
    let kinds: [(Change, ChangeBatch.RowChange.Kind, Int)] = [
      (.added, .added, figures.added), (.changed, .changed, figures.changed),
      (.removed, .removed, figures.removed),
    ]
    for (change, kind, count) in kinds where count > 0 {
      let rows = try await state.stagedRows(
        kind,
        countMax: Self.examplesMax,
        withdrawing: withdrawn
      )
      examples[change] = rows.compactMap { key(of: $0.line, shape: $0.shape) }
    }
    return examples
  }

  private func rekeyed() async throws -> GuardFigures.Rekeyed {
    let rows = try await state.rekeyedRows(
      prepared.comparison,
      removed: counts.removed + counts.waiting,
      comparedMax: Self.comparedMax,
      examplesMax: Self.examplesMax
    )
    let examples = rows.examples.compactMap { old, new -> String? in
      guard let before = key(of: old.line, shape: old.shape),
        let after = key(of: new, shape: prepared.shapeNumber)
      else { return nil }
      return "\(before) → \(after)"
    }
    return GuardFigures.Rekeyed(
      compared: rows.compared,
      returned: rows.returned,
      examples: examples
    )
  }

  private func key(of line: [UInt8], shape number: Int) -> String? {
    guard let shape = preparation.shapes[number] else { return nil }
    return KeyText.text(of: line, shape, primaryKey: preparation.primaryKey)
  }
}
