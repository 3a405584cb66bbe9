import Arguments
import Sync
import Reports
import Settings

/// The command `sluice run`.
enum RunCommand: SluiceCommand {
  typealias Report = SyncList<RunReport>

  private static let jobs = Option(
    "jobs",
    letter: "j",
    value: .integer("N", 1...64),
    "How many syncs run side by side; 1 unless you say otherwise"
  )
  private static let limit = Option(
    "limit",
    value: .integer("N", 1...Int.max),
    "Send at most N added or changed rows, and no removals"
  )
  private static let ifRunning = Option(
    "if-running",
    value: .choice("ACTION", ["fail", "skip"]),
    "What to do if another run of the sync is under way: end with 75, or with 0 and silently"
  )

  static let command = Command(
    "run",
    "Deliver what changed",
    discussion: """
      Reads the model of each sync, compares the result with what was delivered last, and sends a \
      message for every row that was added, changed or removed. The first run sends every row.

      What an earlier run wrote down and could not finish is finished first.
      """,
    arguments: [.syncs],
    options: [.tag, jobs, limit, .allow, .wait, ifRunning, .freshState],
    examples: [
      Example("sluice run", "runs every sync"),
      Example("sluice run customers --limit 10", "tries one with ten rows"),
      Example("sluice run customers --allow max_removed", "lets a guard pass, once"),
      Example("sluice run --if-running skip --quiet", "for a scheduler that may start too early"),
    ]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let selected = try context.selectedSyncs(connects: true)
    let project = selected.project
    let options = RunOptions(
      limit: context.arguments.value(of: limit).flatMap { Int($0) },
      allowedGuards: context.allowedGuards,
      historyRuns: project.historyRuns,
      historyMessages: project.historyMessages
    )
    let session = RunSession(
      context: context,
      project: project,
      options: options,
      wait: context.wait,
      skipsBusy: context.arguments.value(of: ifRunning) == "skip"
    )
    let jobs = context.arguments.value(of: jobs).flatMap { Int($0) } ?? 1
    return try await session.run(selected.syncs, jobs: jobs, unreadable: selected)
  }
}

extension Option {
  /// The option `--allow GUARD`.
  static let allow = Option(
    "allow",
    value: .choice("GUARD", Guard.allCases.map(\.rawValue)),
    isRepeatable: true,
    "Lift a guard, this once"
  )
  /// The option `--wait DURATION`.
  static let wait = Option(
    "wait",
    value: .duration,
    "Wait up to DURATION for another run of the sync to finish"
  )
  /// The option `--fresh-state`.
  static let freshState = Option(
    "fresh-state",
    "Begin without a state although the sync has one outside of the environment"
  )
  /// The option `--yes`.
  static let yes = Option("yes", letter: "y", "Do it without asking")
}

extension CommandContext {
  /// The guards that `--allow` lifts.
  var allowedGuards: Set<Guard> {
    Set(arguments.values(of: .allow).compactMap(Guard.init(rawValue:)))
  }

  /// How long `--wait` says to wait for another run.
  var wait: Duration { arguments.value(of: .wait).flatMap(DurationText.parse) ?? .zero }
}
