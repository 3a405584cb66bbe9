import Alerts
import Reports
import Settings
import Sync
import Synchronization

/// What is done around the runs of `run` and `backfill`, for those who are not watching.
///
/// Nothing of it fails a run: what goes wrong is a warning in the log.
final class RunWatch: Sendable {
  private let project: ProjectSettings
  private let alerts: AlertCenter?
  private let heartbeats: HeartbeatCenter?
  private let metrics: MetricsCenter?
  private let telemetry: TelemetryCenter?
  private let isTrial: Bool
  /// Syncs of which only a part is sent.
  private let trials: Set<String>
  private let ran = SyncsThatRan()
  private let traces = Mutex<[RunTrace]>([])

  /// Watches the runs that `options` ask for; a part of a result, or one that is only remembered,
  /// tells nothing of how a sync is.
  ///
  /// Unless it `tellsOthers` no heartbeat is called and no figure written: in a loop not every pass
  /// is worth that.
  init(
    _ context: CommandContext,
    _ project: ProjectSettings,
    options: RunOptions,
    trials: Set<String> = [],
    tellsOthers: Bool = true
  ) {
    self.trials = trials
    let isReset = options.command == .resetToCurrent
    self.project = project
    alerts = isReset ? nil : AlertCenter(context, project)
    isTrial = options.isPartial
    let isSilent = isReset || isTrial || !tellsOthers
    heartbeats = isSilent ? nil : HeartbeatCenter(context.console, project)
    metrics = isSilent ? nil : MetricsCenter(context.console, project)
    telemetry = isSilent ? nil : TelemetryCenter(context, project)
  }

  /// Tells that a run of `sync` begins: no other one is under way.
  func began(_ sync: SyncSettings) async {
    if trials.contains(sync.name) { return }
    await heartbeats?.began(sync.name, tags: sync.tags)
  }

  /// Judges a run that ended, whose parts `phases` noted.
  func ended(_ report: RunReport, _ phases: RunPhases? = nil) async {
    if telemetry != nil, let phases, report.outcome != .skipped {
      traces.withLock { $0.append(phases.trace(of: report)) }
    }
    let isTrial = isTrial || trials.contains(report.sync)
    let tags = project.syncs.first { $0.name == report.sync }?.tags ?? []
    if !isTrial {
      await heartbeats?.ended(report, tags: tags, code: ExitCode(report.outcome).rawValue)
    }
    if ![.skipped, .alreadyRunning].contains(report.outcome) { ran.add(report.sync) }
    // A signal asked for the end: its sender wants no more.
    if report.outcome == .interrupted { return }
    await alerts?.judge(isTrial ? nil : report)
  }

  /// Tells that all runs of the process have ended.
  func finish() async {
    await heartbeats?.finish()
    let written = await metrics?.write(project, changed: ran.names, alerts)
    guard let telemetry else { return }
    var figures = written ?? []
    if written == nil { figures = await project.figures(alerts) }
    await telemetry.send(
      traces.withLock { $0 },
      syncs: figures.filter { ran.names.contains($0.status.sync) }
    )
  }
}

/// Names of the syncs of which a run began, from several threads.
private final class SyncsThatRan: Sendable {
  private let stored = Mutex<Set<String>>([])

  var names: Set<String> { stored.withLock { $0 } }

  func add(_ name: String) {
    stored.withLock { _ = $0.insert(name) }
  }
}

extension MetricsCenter {
  /// The figures of `project`; nil if nobody wants any.
  init?(_ console: Console, _ project: ProjectSettings) {
    guard let settings = project.metrics else { return nil }
    self.init(settings, project: project.folderName, environment: project.environment) {
      console.log(LogEvent(.warning, name: "metrics-failed", message: $0))
    }
  }

  /// Writes the figures of `project`, whose syncs `changed` have new ones; those of rules come from
  /// `alerts`.
  ///
  /// Returns those of all its syncs.
  @discardableResult
  func write(
    _ project: ProjectSettings,
    changed: Set<String>,
    _ alerts: AlertCenter?
  ) async -> [SyncMetrics] {
    await write(changed: changed) { await project.figures(alerts) }
  }
}

extension TelemetryCenter {
  /// What the process's variables ask to be told of `project`; nil if nothing.
  init?(_ context: CommandContext, _ project: ProjectSettings) {
    guard let settings = TelemetrySettings(context.environment) else { return nil }
    let console = context.console
    self.init(
      settings,
      project: project.folderName,
      environment: project.environment,
      version: CommandLineInterface.version
    ) { console.log(LogEvent(.warning, name: "telemetry-failed", message: $0)) }
  }
}

extension ProjectSettings {
  /// The figures of all syncs, as their states and `alerts` have them.
  ///
  /// Also of a sync that cannot be read now: its figures must not vanish.
  fileprivate func figures(_ alerts: AlertCenter?) async -> [SyncMetrics] {
    let rules = await alerts?.ruleStates() ?? [:]
    var result: [SyncMetrics] = []
    for name in syncNames {
      let reader = StateReader(StateLocation(sync: name, directory: stateDirectory))
      let status = await reader.status(
        schedule: syncs.first { $0.name == name }?.schedule?.value
      )
      // The last one may be under way.
      let runs = (try? await reader.runs(limit: 2)) ?? []
      result.append(SyncMetrics(status, runs: runs, rules: rules[name] ?? []))
    }
    return result
  }
}

extension HeartbeatCenter {
  /// The heartbeats of `project`; nil if it has none.
  init?(_ console: Console, _ project: ProjectSettings) {
    guard let heartbeats = project.alerts?.heartbeats, !heartbeats.isEmpty else { return nil }
    self.init(
      heartbeats,
      gravest: { ExitCode.gravest(of: $0.compactMap(ExitCode.init(rawValue:))).rawValue },
      log: { console.log(LogEvent(.warning, name: "heartbeat-failed", message: $0)) }
    )
  }
}

extension AlertCenter {
  /// The alerts of `project`; nil if it has none.
  init?(_ context: CommandContext, _ project: ProjectSettings) {
    guard let settings = project.alerts else { return nil }
    let console = context.console
    self.init(
      settings,
      project: project.told,
      directory: project.stateDirectory,
      subjects: project.alertSubjects,
      environment: context.environment,
      history: { sync in
        let location = StateLocation(sync: sync, directory: project.stateDirectory)
        return (try? await StateReader(location).runs(limit: Self.runsCompared)) ?? []
      },
      log: { remark in
        let (level, name): (LogLevel, String) =
          remark.isFailure ? (.warning, "alert-failed") : (.info, "alert-sent")
        console.log(LogEvent(level, name: name, sync: remark.sync, message: remark.message))
      }
    )
  }
}

extension ProjectSettings {
  /// What the project is called: the name of its folder.
  fileprivate var folderName: String {
    directory.split(separator: "/").last.map(String.init) ?? "sluice"
  }

  /// The project's name in alerts: its folder, and its environment if there is one.
  fileprivate var told: String {
    environment.map { "\(folderName) (\($0))" } ?? folderName
  }

  /// All syncs as rules of alerts see them; of those that cannot be read only the name is known.
  fileprivate var alertSubjects: [AlertSubject] {
    syncNames.map { name in
      guard let sync = syncs.first(where: { $0.name == name }) else { return AlertSubject(name) }
      return AlertSubject(
        name,
        tags: sync.tags,
        isScheduled: sync.schedule != nil,
        source: models[sync.model.value]?.source,
        destination: sync.destination.value
      )
    }
  }
}
