internal import Settings
internal import State

public import Reports

/// Backs a state up, puts a backup back, and gives room back.
public struct StateUpkeep: Sendable {
  private let location: StateLocation

  /// Works on the state at `location`.
  public init(_ location: StateLocation) {
    self.location = location
  }

  /// Writes what the state holds at one moment to `file`, while others may use the state.
  ///
  /// Throws a ``RunError`` if there is no state, or `file` cannot be written or is there already and
  /// not `isReplacing`.
  public func backUp(
    to file: String,
    isReplacing: Bool
  ) async throws(RunError) -> StateBackupReport {
    do {
      try await StateFile.backUp(path: location.path, to: file, isReplacing: isReplacing)
      var report = StateBackupReport()
      report.sync = location.sync
      report.file = file
      report.summary = try await StateFile.open(path: file, mode: .report).summary()
      return report
    } catch {
      throw failure(error)
    }
  }

  /// What it means to put the backup `file` back: nothing is changed.
  ///
  /// The backup is copied to `scratchPath`, which the caller deletes. Throws a ``RunError`` if `file` is
  /// not a sound state.
  public func preview(
    of file: String,
    scratchPath: String
  ) async throws(RunError) -> StateRestoreReport {
    do {
      let copy = StateFile.Mode.copy(file: scratchPath, needsOriginal: true)
      let backup = try await StateFile.open(path: file, mode: copy)
      var report = StateRestoreReport()
      report.sync = location.sync
      report.file = file
      let last = try await backup.runs(limit: 1).first
      let rows = try await backup.liveRows()
      report.rows = rows.count
      report.takenAt = last.map { $0.finishedAt ?? $0.startedAt }
      report.preparedBatches = try await backup.preparedBatches().count
      report.isTransactional = try await backup.transactionMark().isHeld
      try await compare(&report, rows, id: backup.meta().id, lastRun: last?.number ?? 0)
      return report
    } catch {
      throw failure(error)
    }
  }

  /// Fills in what the present state knows more, as far as it can be read.
  private func compare(
    _ report: inout StateRestoreReport,
    _ rows: LiveRows,
    id: String?,
    lastRun: Int
  ) async throws {
    guard let state = try? await StateFile.open(path: location.path, mode: .report),
      let meta = try? await state.meta()
    else { return }
    report.isSameState = id != nil && meta.id == id
    guard report.isSameState == true, let now = try? await state.liveRows() else { return }
    let since = try await state.runs(limit: Int(Int32.max)).filter { $0.number > lastRun }
    report.runsSince = since.count
    report.messagesSince = since.reduce(0) { $0 + ($1.counts?.sent ?? 0) }
    guard let difference = now.difference(from: rows) else { return }
    report.added = difference.added
    report.changed = difference.changed
    report.removed = difference.removed
  }

  /// Puts `file` in the place of the state: as a whole or not at all.
  ///
  /// It waits up to `wait` for a run of the sync to end. Returns nil if one is still under way, else
  /// `report` with what was done. Throws a ``RunError`` if `file` is not a sound state, or the state
  /// cannot be written.
  public func restore(
    _ report: StateRestoreReport,
    waitingUpTo wait: Duration = .zero
  ) async throws(RunError) -> StateRestoreReport? {
    guard let file = report.file else { return report }
    do {
      return try await location.whileLocked(waitingUpTo: wait) {
        var report = report
        report.movedTo = try await StateFile.restore(path: location.path, from: file)
        report.isRestored = true
        return report
      }
    } catch {
      throw failure(error)
    }
  }

  /// Drops dead rows and gives the room of the state back.
  ///
  /// It waits up to `wait` for a run of the sync to end. Returns nil if one is still under way; whatever
  /// else keeps it from its work is in the report.
  public func compact(waitingUpTo wait: Duration = .zero) async -> StateCompactReport? {
    do {
      return try await location.whileLocked(waitingUpTo: wait, hold: .ignored) {
        let state = try await StateFile.open(path: location.path, mode: .existing)
        var report = StateCompactReport(sync: location.sync)
        report.bytesBefore = try await state.summary().bytes
        try await state.compact()
        let summary = try await state.summary()
        report.bytes = summary.bytes
        report.rows = summary.rows
        report.deadRows = summary.deadRows
        return report
      }
    } catch {
      var report = StateCompactReport(sync: location.sync)
      report.error = failure(error)
      return report
    }
  }

  private func failure(_ error: any Error) -> RunError {
    guard let error = error as? StateError, error.code == .missing, error.path == location.path
    else { return SyncRun.runError(error) }
    return RunError(
      .failed,
      "sync '\(location.sync)' has no state yet",
      kind: .missingState,
      hint: "'sluice run \(location.sync)' makes it"
    )
  }
}
