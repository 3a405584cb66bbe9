import Alerts
import Reports
import Settings
import Sync

/// What is done around the runs of `run` and `backfill`, for those who are not watching.
///
/// Nothing of it fails a run: what goes wrong is a warning in the log.
struct RunWatch: Sendable {
  private let project: ProjectSettings
  private let alerts: AlertCenter?
  private let heartbeats: HeartbeatCenter?
  private let isTrial: Bool
  /// Syncs of which only a part is sent.
  private let trials: Set<String>

  /// Watches the runs that `options` ask for; a part of a result, or one that is only remembered,
  /// tells nothing of how a sync is.
  init(
    _ context: CommandContext,
    _ project: ProjectSettings,
    options: RunOptions,
    trials: Set<String> = []
  ) {
    self.trials = trials
    let isReset = options.command == .resetToCurrent
    self.project = project
    alerts = isReset ? nil : AlertCenter(context, project)
    isTrial = options.isPartial
    heartbeats = isReset || isTrial ? nil : HeartbeatCenter(context.console, project)
  }

  /// Tells that a run of `sync` begins: no other one is under way.
  func began(_ sync: SyncSettings) async {
    if trials.contains(sync.name) { return }
    await heartbeats?.began(sync.name, tags: sync.tags)
  }

  /// Judges a run that ended.
  func ended(_ report: RunReport) async {
    let isTrial = isTrial || trials.contains(report.sync)
    let tags = project.syncs.first { $0.name == report.sync }?.tags ?? []
    if !isTrial {
      await heartbeats?.ended(report, tags: tags, code: ExitCode(report.outcome).rawValue)
    }
    // A signal asked for the end: its sender wants no more.
    if report.outcome == .interrupted { return }
    await alerts?.judge(isTrial ? nil : report)
  }

  /// Tells that all runs of the process have ended.
  func finish() async {
    await heartbeats?.finish()
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
  /// The project's name in alerts: its folder, and its environment if there is one.
  fileprivate var told: String {
    let folder = directory.split(separator: "/").last.map(String.init) ?? "sluice"
    return environment.map { "\(folder) (\($0))" } ?? folder
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
