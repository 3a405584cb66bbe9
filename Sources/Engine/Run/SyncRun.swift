internal import Messages
internal import Rows
internal import Snapshot

public import Reports
public import Settings

/// One run of one sync: recover, scan, judge, send, commit.
public struct SyncRun: Sendable {
  /// The sync.
  public let sync: SyncSettings
  /// Its model.
  public let model: ModelSettings
  let source: any RowSource
  let sink: any MessageSink
  let statePath: String
  let options: RunOptions
  /// What it has done until now.
  public let progress = RunProgress()
  /// The rows that it could not deliver.
  let problems = ProblemTally()
  /// Asks it to end early.
  public let interruption: RunInterruption
  let note: @Sendable (String) -> Void
  /// What waits are measured by.
  var clock = RunClock.live

  /// Prepares a run; `note` is told what a reader should know at once.
  public init(
    sync: SyncSettings,
    model: ModelSettings,
    source: any RowSource,
    sink: any MessageSink,
    statePath: String,
    options: RunOptions,
    interruption: RunInterruption = RunInterruption(),
    note: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.sync = sync
    self.model = model
    self.source = source
    self.sink = sink
    self.statePath = statePath
    self.options = options
    self.interruption = interruption
    self.note = note
  }

  /// Runs to the end and says how it went; never throws, whatever happens.
  ///
  /// The caller holds the run lock of the sync.
  public func execute() async -> RunReport {
    let identity = RunIdentity(id: Self.makeID(), startedAt: WallClock.microseconds())
    let error = await attempt(identity)
    progress.enter(.finished)
    return report(identity, error)
  }

  /// The whole run; returns what stopped it.
  private func attempt(_ identity: RunIdentity) async -> RunError? {
    do {
      let state = try openState()
      let number = try await state.beginRun(
        id: identity.id,
        command: options.command.rawValue,
        startedAt: identity.startedAt
      )
      let recent = RecentMessages(
        countMax: options.historyMessages,
        primaryKey: model.primaryKey.map(\.value)
      )
      let body = RunBody(
        run: self,
        state: state,
        identity: identity,
        number: number,
        recent: recent
      )
      let error = await body.executeCatching()
      await source.close()
      try await body.end(report(identity, error))
      return error
    } catch {
      return Self.runError(error)
    }
  }

  private func report(_ identity: RunIdentity, _ error: RunError?) -> RunReport {
    let counts = progress.counts
    let outcome: RunReport.Outcome =
      if let error {
        RunReport.Outcome(error.code)
      } else {
        counts.invalid + counts.rejected > 0 ? .doneWithProblems : .done
      }
    return RunReport(
      sync: sync.name,
      runID: identity.id,
      command: options.command.rawValue,
      startedAt: identity.startedAt,
      finishedAt: WallClock.microseconds(),
      outcome: outcome,
      counts: counts,
      problems: problems.groups,
      error: error
    )
  }

  private func openState() throws -> StateFile {
    do throws(StateError) {
      return try StateFile(path: statePath, mode: sync.stateRequired ? .existing : .run)
    } catch {
      if error.code != .missing { throw error }
      throw RunError(
        .failed,
        "\(statePath): there is no state, and `state: {required: true}` asks for one",
        hint: "is the volume mounted? a first run goes without `required`"
      )
    }
  }

  /// The state for looking only; where there is none, an empty one at `scratchPath`.
  func openStateOrScratch(_ scratchPath: String) throws -> StateFile {
    do throws(StateError) {
      return try StateFile(path: statePath, mode: .report)
    } catch {
      if error.code != .missing { throw error }
      return try StateFile(path: scratchPath, mode: .run)
    }
  }

  private static func makeID() -> String {
    var generator = SystemRandomNumberGenerator()
    let digits = String(generator.next() as UInt64, radix: 36)
    return "run_" + String(repeating: "0", count: max(0, 13 - digits.count)) + digits
  }

  static func runError(_ error: any Error) -> RunError {
    switch error {
    case let error as RunError: error
    case let error as StateError: RunError(.failed, error.description, hint: error.hint)
    case let error as ComposerError:
      RunError(
        .configuration,
        error.message,
        at: error.location,
        hint: error.hint,
        line: error.line
      )
    default: RunError(.failed, "\(error)")
    }
  }
}
