internal import Messages
internal import Rows
internal import State

public import Reports
internal import Settings

/// Answers what is asked about the state of one sync, for a command line, a page or alerts.
///
/// Every answer is a report without a reference to the file: rows in it are rendered. Nothing is
/// written or locked, so it can be used while a run is under way. A state that cannot be read is
/// thrown as a ``RunError`` that names the sync.
public struct StateReader: Sendable {
  /// Where the state is.
  public let location: StateLocation

  /// Reads the state at `location`.
  public init(_ location: StateLocation) {
    self.location = location
  }

  private var sync: String { location.sync }

  /// What the sync remembers and how its last run ended; says itself why it cannot tell.
  public func status(schedule: String?) async -> StatusReport {
    var report = StatusReport(sync: sync, schedule: schedule)
    do {
      guard let state = try await openIfAny() else { return report }
      report.lastRun = try await history(of: state, limit: 1).first
      report.summary = try await state.summary()
      report.lastSuccess = try await state.lastSuccess()
    } catch {
      report.error = unreadable(error)
    }
    return report
  }

  /// The last `limit` runs, the latest first; none without a state.
  ///
  /// Throws if the state cannot be read.
  public func runs(limit: Int) async throws(RunError) -> [RunRecord] {
    do {
      guard let state = try await openIfAny() else { return [] }
      return try await history(of: state, limit: limit)
    } catch {
      throw unreadable(error)
    }
  }

  /// The rows that could not be delivered, with their values if `showingValues`.
  ///
  /// They are those of the latest run that knows something of its rows: if a later one ended before
  /// it had judged any, what was known before still holds.
  /// Throws if there is no state, or it cannot be read.
  public func errors(showingValues: Bool) async throws(RunError) -> ErrorsReport {
    do {
      let state = try await open()
      let runs = try await history(of: state, limit: Self.runsMax)
      let shapes = showingValues ? try await state.shapes() : [:]
      let early = runs.first.flatMap { $0.isComplete ? nil : $0 }
      for run in runs {
        let rows = try await state.problems(run: run.number).map { Self.row($0, shapes) }
        if !run.isComplete && rows.isEmpty { continue }
        return ErrorsReport(sync: sync, run: run, endedEarly: early, rows: rows)
      }
      return ErrorsReport(sync: sync, endedEarly: early)
    } catch {
      throw unreadable(error)
    }
  }

  /// The same, with the reasons of the last `runs` runs in place of the rows of one.
  ///
  /// Throws if there is no state, or it cannot be read.
  public func errors(ofLast runs: Int) async throws(RunError) -> ErrorsReport {
    var report = try await errors(showingValues: false)
    report.history = RecurringProblem.list(try await self.runs(limit: runs))
    return report
  }

  /// Runs that are looked through for one that judged its rows.
  private static let runsMax = 1000

  /// What the state file holds.
  ///
  /// Throws if there is no state, or it cannot be read.
  public func info() async throws(RunError) -> StateReport {
    do {
      let state = try await open()
      let meta = try await state.meta()
      var report = StateReport()
      report.sync = sync
      report.path = location.path
      report.summary = try await state.summary()
      report.id = meta.id
      report.primaryKey = meta.primaryKey
      report.cluster = meta.cluster
      report.source = meta.source
      return report
    } catch {
      throw unreadable(error)
    }
  }

  /// The format of states that this version writes.
  public static var formatNumber: Int { StateFile.formatNumber }

  /// The format of the file, also one that this version cannot read; nil if there is no file.
  ///
  /// Throws an error that does not name the path if there is something else in its place.
  public func format() async throws(RunError) -> Int? {
    do throws(StateError) {
      return try await StateFile.format(of: location.path)
    } catch {
      throw RunError(.failed, error.message, kind: error.kind, hint: error.hint)
    }
  }

  /// Whether a complete result was ever taken in; false if that cannot be read.
  public func hasSnapshot() async -> Bool {
    let meta = try? await openIfAny()?.meta()
    return meta?.isInitialized ?? false
  }

  static func row(_ problem: Problem, _ shapes: [Int: Shape]) -> UndeliveredRow {
    let shape = problem.shape.flatMap { shapes[$0] }
    return UndeliveredRow(
      kind: problem.kind,
      change: problem.change,
      row: problem.key,
      reason: problem.reason,
      detail: problem.detail,
      columns: problem.line.flatMap { line in
        shape.map { ColumnReport.columns(of: line, $0) }
      } ?? []
    )
  }
}

extension StateReader {
  /// Opens the state, which has to be there.
  func open() async throws -> StateFile {
    if let state = try await openIfAny() { return state }
    throw RunError(
      .failed,
      "sync '\(sync)' has no state yet",
      kind: .missingState,
      hint: "'sluice run \(sync)' makes it"
    )
  }

  /// Opens the state; nil if no run has made it.
  ///
  /// A state that cannot be read is an error.
  private func openIfAny() async throws(StateError) -> StateFile? {
    do throws(StateError) {
      return try await StateFile.open(path: location.path, mode: .report)
    } catch {
      if error.code == .missing { return nil }
      throw error
    }
  }

  /// The last `limit` runs, the latest first.
  ///
  /// A run without an end is under way while a living process holds the lock; else it was killed.
  func history(of state: StateFile, limit: Int) async throws -> [RunRecord] {
    var last: Int?
    // A run may end, and another begin, between two looks: only what stays the same counts.
    var looksLeft = 3
    while true {
      let isHeld = try RunLock.isHeld(path: location.lockPath)
      var runs = try await state.runs(limit: limit)
      for index in runs.indices { runs[index].sync = sync }
      guard let latest = runs.first, latest.outcome == nil else { return runs }
      let isKilled = !isHeld && latest.number == last
      if isHeld || isKilled || looksLeft == 0 {
        runs[0].isRunning = !isKilled
        return runs
      }
      last = latest.number
      looksLeft -= 1
    }
  }

  /// Why the state cannot be read.
  func unreadable(_ error: any Error) -> RunError {
    switch error {
    case let error as RunError: error
    case let error as StateError:
      RunError(
        .failed,
        "the state of sync '\(sync)' cannot be read: \(error.description)",
        kind: error.kind,
        hint: error.hint
      )
    default:
      RunError(
        .failed,
        "the state of sync '\(sync)' cannot be read: \(error)",
        kind: .inaccessibleState
      )
    }
  }
}
