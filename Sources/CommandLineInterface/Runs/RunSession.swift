import Blocking
import Arguments
import Sync
import Reports
import Settings
import Synchronization
import Values

/// Runs syncs side by side and says what happens.
struct RunSession {
  let context: CommandContext
  let project: ProjectSettings
  let options: RunOptions
  let wait: Duration
  /// Whether a sync that another run works on is left to it, silently.
  var skipsBusy = false
  /// Plans that are applied in place of runs, by sync.
  var plans: [String: PinnedPlan] = [:]
  /// What was said before, in a loop; nil to say everything.
  var repeated: RepeatedReports?
  let interruption = RunInterruption()

  var console: Console { context.console }

  /// Runs `syncs`, at most `jobs` at a time, and returns how the process ends.
  ///
  /// Those that `unreadable` cannot use are named and have their share in the code: 78, or 1 if a
  /// command for a secret failed.
  func run(
    _ syncs: [SyncSettings],
    jobs: Int,
    unreadable: CommandContext.SelectedSyncs? = nil
  ) async throws -> ExitCode {
    let signalled = startSignals {}
    let trials = Set(plans.values.filter(\.isPartial).map(\.sync))
    let watch = RunWatch(context, project, options: options, trials: trials)
    let code = await pass(syncs, jobs: jobs, unreadable: unreadable, watch)
    return signalled.code ?? code
  }

  /// Makes a signal end what is under way, and then calls `then`.
  func startSignals(_ then: @escaping @Sendable () -> Void) -> SignalledCode {
    let signalled = SignalledCode()
    let interruption = interruption
    SignalMonitor.start { code in
      signalled.set(code)
      interruption.request()
      then()
    }
    return signalled
  }

  /// Runs `syncs` once, and returns the gravest of their codes.
  func pass(
    _ syncs: [SyncSettings],
    jobs: Int,
    unreadable: CommandContext.SelectedSyncs?,
    _ watch: RunWatch
  ) async -> ExitCode {
    let skipped = (unreadable?.unreadable ?? []).map {
      unusable($0, lacksSecret: unreadable?.withoutSecret.contains($0) == true)
    }
    let ran = await withTaskGroup(of: RunReport.self) { group in
      var waiting = syncs[...]
      var reports: [RunReport] = []
      for sync in waiting.prefix(jobs) { group.addTask { await run(sync, watch) } }
      waiting = waiting.dropFirst(jobs)
      while let report = await group.next() {
        reports.append(report)
        if let sync = waiting.popFirst() { group.addTask { await run(sync, watch) } }
      }
      return reports
    }
    console.endProgress()
    for report in skipped {
      say(report)
      await watch.ended(report)
    }
    await watch.finish()
    let reports = ran + skipped
    console.result(SyncList(reports.sorted { $0.sync < $1.sync }))
    return ExitCode.gravest(of: reports.map { ExitCode($0.outcome) })
  }

  private func run(_ sync: SyncSettings, _ watch: RunWatch) async -> RunReport {
    let phases = RunPhases(sync.name, on: console)
    let report = await attempt(sync, watch, phases: phases)
    say(report)
    await watch.ended(report, phases)
    return report
  }

  private func attempt(
    _ sync: SyncSettings,
    _ watch: RunWatch,
    phases: RunPhases
  ) async -> RunReport {
    let started = WallClock.microseconds()
    do {
      let session = try SyncSession(project, sync)
      if !context.arguments.has(.freshState) { try session.refuseLeftState() }
      let plan = plans[sync.name]
      let hold = plan.map { HoldRule.own(plan: $0.id) } ?? .respected
      let report = try await session.location.whileLocked(waitingUpTo: wait, hold: hold) {
        await showConnections(session)
        await watch.began(sync)
        let (sink, source) = (try sink(of: session), try session.source())
        let run = makeRun(session, sink: sink, source: source, phases: phases)
        guard let plan else { return await run.execute() }
        return await run.applying(plan, releasing: session.location).execute()
      }
      if let report { return report }
      return skipsBusy
        ? ended(sync, outcome: .skipped, started: started)
        : ended(sync, outcome: .alreadyRunning, started: started, error: Self.busy)
    } catch {
      let failure = CommandFailure(error)
      let isHeld = failure.code == .alreadyRunning
      if isHeld, skipsBusy { return ended(sync, outcome: .skipped, started: started) }
      let outcome: RunReport.Outcome =
        isHeld ? .alreadyRunning : failure.code == .configuration ? .misconfigured : .failed
      return ended(sync, outcome: outcome, started: started, error: failure.error)
    }
  }

  private func sink(of session: SyncSession) throws -> any Destination {
    let console = console
    return try session.sink(console: console) { messages in
      if console.options.isQuiet { return }
      for message in messages { console.result(message.line) }
    }
  }

  private func makeRun(
    _ session: SyncSession,
    sink: any Destination,
    source: any RowSource,
    phases: RunPhases
  ) -> SyncRun {
    let console = console
    let name = session.sync.name
    let line = console.showsProgress ? ProgressLine(name, on: console) : nil
    return SyncRun(
      sync: session.sync,
      model: session.model,
      source: source,
      sink: sink,
      statePath: session.location.path,
      options: options,
      interruption: interruption,
      watch: { event in
        phases.take(event)
        line?.take(event)
      }
    ) { note in
      console.log(LogEvent(.info, name: "run-note", sync: name, message: note))
    }
  }

  private func ended(
    _ sync: SyncSettings,
    outcome: RunReport.Outcome,
    started: Int,
    error: RunError? = nil
  ) -> RunReport {
    RunReport(
      sync: sync.name,
      command: options.command.rawValue,
      startedAt: started,
      finishedAt: WallClock.microseconds(),
      outcome: outcome,
      error: error
    )
  }

  private func unusable(_ name: String, lacksSecret: Bool) -> RunReport {
    RunReport(
      sync: name,
      command: options.command.rawValue,
      startedAt: WallClock.microseconds(),
      finishedAt: WallClock.microseconds(),
      outcome: lacksSecret ? .failed : .misconfigured,
      error: lacksSecret
        ? RunError(
          .failed,
          "not run: a command gave no secret, told above",
          kind: .secretCommand
        )
        : RunError(
          .configuration,
          "not run: a file that it needs has errors, told above",
          kind: .filesWithErrors
        )
    )
  }

  private static let busy = RunError(
    .failed,
    "another run of this sync is under way",
    kind: .alreadyRunning,
    hint: "it ends by itself; '--wait 5min' waits for it, '--if-running skip' leaves it alone"
  )

  private func say(_ report: RunReport) {
    console.endProgress()
    if report.outcome == .skipped { return }
    if repeated?.isNews(report) == false {
      let text = "the same again: \(report.error?.message ?? report.sentence)"
      console.log(LogEvent(.debug, name: "run-repeated", sync: report.sync, message: text))
      return
    }
    if let error = report.error {
      console.report(
        error,
        of: report.sync,
        fields: [("outcome", .string(report.outcome.rawValue))]
      )
    }
    // Also of a run that failed: what `--quiet` keeps silent is success only.
    let hasProblems = report.counts.invalid + report.counts.rejected > 0
    let level: LogLevel = hasProblems ? .warning : .info
    if report.error == nil || report.counts.read > 0 {
      console.log(
        LogEvent(
          level,
          name: "run-finished",
          sync: report.sync,
          message: report.sentence,
          fields: report.fields
        )
      )
    }
  }
}

/// The code of the first signal, once there was one.
final class SignalledCode: Sendable {
  private let stored = Mutex<ExitCode?>(nil)

  var code: ExitCode? { stored.withLock { $0 } }

  func set(_ code: ExitCode) {
    stored.withLock { $0 = code }
  }
}
