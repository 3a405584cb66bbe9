import Configuration
import Settings

/// What a scheduler has to start, and when: all syncs of one schedule, or the check of alerts.
struct ScheduledCommand: Sendable {
  /// Five fields, as cron takes them, with one blank between them.
  let schedule: String
  /// The same, taken apart.
  let times: CronSchedule
  /// Names of the syncs; empty for the check of alerts.
  let syncs: [String]

  /// Syncs of one line that run side by side, at most.
  private static let jobsMax = 4
  /// How often alerts are checked.
  private static let alertSchedule = "*/5 * * * *"

  /// Everything that `project` wants to be started: its schedules in the order of the syncs, then the
  /// check of alerts if it has rules.
  ///
  /// Syncs of one schedule are one command, so that they share a process.
  static func all(of project: ProjectSettings) -> [ScheduledCommand] {
    var groups: [(schedule: String, syncs: [String])] = []
    for sync in project.syncs {
      guard let text = sync.schedule?.value else { continue }
      let schedule = text.split { $0 == " " || $0 == "\t" }.joined(separator: " ")
      if let index = groups.firstIndex(where: { $0.schedule == schedule }) {
        groups[index].syncs.append(sync.name)
      } else {
        groups.append((schedule, [sync.name]))
      }
    }
    let hasRules = !(project.alerts?.rules ?? []).isEmpty
    if hasRules, !groups.isEmpty { groups.append((alertSchedule, [])) }
    return groups.compactMap { group in
      CronSchedule(group.schedule).map {
        ScheduledCommand(schedule: group.schedule, times: $0, syncs: group.syncs)
      }
    }
  }

  /// Whether it checks alerts.
  var checksAlerts: Bool { syncs.isEmpty }

  /// The words after the program's name; `directory` is the project's folder.
  ///
  /// With `jitter` a run waits for a part of it that is always the same, for schedulers that cannot.
  func words(
    in directory: String,
    environment: String?,
    jitter: Duration? = nil
  ) -> [String] {
    let project = ["-C", directory] + (environment.map { ["--env", $0] } ?? [])
    if checksAlerts { return project + ["alerts", "check", "--quiet"] }
    let jobs = syncs.count > 1 ? ["--jobs", String(min(syncs.count, Self.jobsMax))] : []
    let wait = jitter.map { ["--jitter", DurationText.text($0)] } ?? []
    return project + ["run"] + syncs + jobs + wait + ["--if-running", "skip", "--quiet"]
  }

  /// What it does, for people.
  var title: String { checksAlerts ? "alerts check" : "run \(syncs.joined(separator: " "))" }

  /// A part of names of units: letters, digits, `-` and `_`.
  ///
  /// It says the schedule and not the syncs, so that a sync that joins changes no name.
  var slug: String {
    if checksAlerts { return "alerts" }
    let words: [Character: String] = ["*": "x", "/": "by", ",": "and", " ": "_"]
    return schedule.lowercased().map { words[$0] ?? String($0) }.joined()
  }
}
