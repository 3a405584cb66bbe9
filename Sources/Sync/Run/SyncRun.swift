internal import Messages
internal import Rows
internal import State

public import Reports
public import Settings

/// One run of one sync: recover, scan, judge, send, commit.
public struct SyncRun: Sendable {
  /// The sync.
  public let sync: SyncSettings
  /// Its model.
  public let model: ModelSettings
  /// What is read; a run that applies a plan asks nobody.
  private(set) var source: any RowSource
  /// Where messages go; a plan's takes them and keeps none.
  var sink: any Destination
  let statePath: String
  var options: RunOptions
  /// What it has done until now.
  let progress: RunProgress
  /// The rows that it could not deliver.
  let problems = ProblemTally()
  /// What the tests on the rows of its model found.
  let tests = RowTestTally()
  /// Asks it to end early.
  public private(set) var interruption: RunInterruption
  var note: @Sendable (String) -> Void
  /// What its steps are done for.
  var purpose = Purpose.delivery
  /// What waits are measured by, and when it starts.
  var clock = RunClock.live
  /// Bytes of lines and messages under way at which no other batch is composed.
  var bytesUnderWayMax = ByteBudget.standard
  /// Makes bodies in another format than JSON; nil for JSON.
  var encoder: (any BodyEncoder)?
  /// Told when the batches of a plan are in the state, so that its hold can end.
  var onArrival: (@Sendable () -> Void)?
  /// Makes its id.
  var makeID: @Sendable () -> String = { Self.randomID() }

  /// What the steps of a run are done for.
  enum Purpose {
    /// To deliver.
    case delivery
    /// To show what a run would deliver: it works on a copy of the state, and tells the recorder.
    case plan(PlanRecorder)
    /// To look at one row: nothing is written.
    case inspection
    /// To send what a plan pinned.
    case application(PinnedPlan)
  }

  /// The same run, which sends what `plan` pinned and asks no source.
  ///
  /// The plan keeps nobody out any more once its batches are in the state at `location`.
  public func applying(_ plan: PinnedPlan, releasing location: StateLocation? = nil) -> SyncRun {
    var run = self
    run.options.planFile = plan.report.pinned?.file
    run.onArrival = { _ = try? location?.release(plan: plan.id) }
    run.purpose = .application(plan)
    run.source = UnaskedSource()
    run.makeID = { plan.header.run }
    return run
  }

  /// What is gathered for the file of a plan; nil if none is pinned.
  var pins: PlanPins? { recorder?.pins }

  /// What a plan wants to see; nil if it is not one.
  var recorder: PlanRecorder? {
    if case .plan(let recorder) = purpose { recorder } else { nil }
  }

  var isPlan: Bool { recorder != nil }

  var isInspection: Bool { if case .inspection = purpose { true } else { false } }

  /// Prepares a run; `note` is told what a reader should know at once, `watch` what is being done.
  public init(
    sync: SyncSettings,
    model: ModelSettings,
    source: any RowSource,
    sink: any Destination,
    statePath: String,
    options: RunOptions,
    interruption: RunInterruption = RunInterruption(),
    watch: (@Sendable (RunEvent) -> Void)? = nil,
    note: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.sync = sync
    self.model = model
    self.source = options.part.map { PartialSource(source, part: $0) } ?? source
    self.sink = sink
    self.statePath = statePath
    self.options = options
    self.interruption = interruption
    progress = RunProgress(watch)
    self.note = note
  }

  /// Runs to the end and says how it went; never throws, whatever happens.
  ///
  /// The caller holds the run lock of the sync.
  public func execute() async -> RunReport {
    // What the run registers ends with it, however many follow in this process.
    let own = RunInterruption()
    let registration = interruption.onRequest { own.request() }
    defer { interruption.forget(registration) }
    var run = self
    run.interruption = own
    return await run.executeAlone()
  }

  private func executeAlone() async -> RunReport {
    let identity = RunIdentity(id: makeID(), startedAt: clock.wallTime())
    let error = await attempt(identity)
    progress.enter(.finished)
    return report(identity, error)
  }

  /// The whole run; returns what stopped it.
  private func attempt(_ identity: RunIdentity) async -> RunError? {
    do {
      let state = try await openState()
      if case .application(let plan) = purpose {
        try await PlanComparison(plan, state).claimState()
      }
      let body = try await RunBody(self, state: state, identity: identity)
      let error = await body.executeCatching()
      await source.close()
      if !isPlan { try await body.end(report(identity, error)) }
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
    var report = RunReport(
      sync: sync.name,
      runID: identity.id,
      command: options.command.rawValue,
      startedAt: identity.startedAt,
      finishedAt: clock.wallTime(),
      outcome: outcome,
      counts: counts,
      problems: problems.groups,
      error: error
    )
    report.tests = tests.reports
    return report
  }

  private func openState() async throws -> StateFile {
    var mode = sync.stateRequired ? StateFile.Mode.existing : .run
    if let recorder { mode = .copy(file: recorder.scratchPath, needsOriginal: sync.stateRequired) }
    if case .application(let plan) = purpose, plan.header.secret == nil { mode = .existing }
    do throws(StateError) {
      return try await StateFile.open(path: statePath, mode: mode)
    } catch {
      if error.code != .missing { throw error }
      if case .application(let plan) = purpose { throw PlanComparison.lostState(plan) }
      throw RunError(
        .failed,
        "\(statePath): there is no state, and `state: {required: true}` asks for one",
        kind: .missingState,
        hint: "is the volume mounted? a first run is made without `required`"
      )
    }
  }

  /// The state for looking only; an empty one at `scratchPath` if there is none.
  func openStateOrScratch(_ scratchPath: String) async throws -> StateFile {
    do throws(StateError) {
      return try await StateFile.open(path: statePath, mode: .report)
    } catch {
      if error.code != .missing { throw error }
      return try await StateFile.open(path: scratchPath, mode: .run)
    }
  }

  /// Tells what should be looked at; a plan lists it without being asked to.
  func warn(_ text: String) { note(isPlan ? text : "warning: \(text)") }

  private static func randomID() -> String {
    var generator = SystemRandomNumberGenerator()
    let digits = String(generator.next() as UInt64, radix: 36)
    return "run_" + String(repeating: "0", count: max(0, 13 - digits.count)) + digits
  }

  /// Any error of this room and those below it, as a run tells it.
  public static func runError(_ error: any Error) -> RunError {
    switch error {
    case let error as RunError: error
    case let error as StateError: RunError(error)
    case let error as ComposerError: RunError(error)
    case let error as DeliveryFailure: RunError(.failed, error.message, kind: error.code.kind)
    default: RunError(.failed, "\(error)", kind: .system)
    }
  }
}

extension RunError {
  /// What the state says; a full disk is every sync's.
  init(_ error: StateError) {
    self.init(.failed, error.description, kind: error.kind, hint: error.hint)
    if error.code == .diskFull { cause = .state }
  }
}
