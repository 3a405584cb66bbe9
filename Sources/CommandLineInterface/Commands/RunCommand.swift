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

  private static let every = Option(
    "every",
    value: .duration,
    "Stay, and run again this long after the last beginning, until a signal comes"
  )
  private static let listen = Option(
    "listen",
    value: .text("CHANNEL"),
    "With --every: run as soon as a Postgres source announces a change by NOTIFY"
  )

  static let command = Command(
    "run",
    "Deliver what changed",
    discussion: """
      Reads the model of each sync, compares the result with what was delivered last, and sends a \
      message for every row that was added, changed or removed. The first run sends every row.

      What an earlier run wrote down and could not finish is finished first.

      With --every one process stays and runs again and again, for those who need seconds. It says \
      what it did if that is news: messages that were sent, or another end than the last time. \
      Started by systemd with Type=notify it says when it is ready, and that it lives.
      """,
    arguments: [.syncs],
    options: [
      .tag, jobs, limit, .allow, .wait, ifRunning, .freshState, every, listen, .jitter,
    ],
    examples: [
      Example("sluice run", "runs every sync"),
      Example("sluice run customers --limit 10", "tries one with ten rows"),
      Example("sluice run customers --allow max_removed", "lets a guard pass, once"),
      Example("sluice run --every 5s", "stays and runs every five seconds"),
      Example("sluice run --if-running skip --quiet", "for a scheduler that may start too early"),
    ]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let loop = try loop(context)
    let selected = try context.selectedSyncs(connects: true, notifies: true)
    let project = selected.project
    let options = RunOptions(
      limit: context.arguments.value(of: limit).flatMap { Int($0) },
      allowedGuards: context.allowedGuards,
      historyRuns: project.historyRuns,
      historyMessages: project.historyMessages
    )
    var session = RunSession(
      context: context,
      project: project,
      options: options,
      wait: context.wait,
      skipsBusy: loop != nil || context.arguments.value(of: ifRunning) == "skip"
    )
    let jobs = context.arguments.value(of: jobs).flatMap { Int($0) } ?? 1
    guard let loop else {
      try await delay(context, selected)
      return try await session.run(selected.syncs, jobs: jobs, unreadable: selected)
    }
    session.repeated = RepeatedReports()
    let channel = context.arguments.value(of: listen)
    if let channel, session.listeners(of: selected.syncs, channel).isEmpty {
      throw CommandFailure(
        .usage,
        "--listen \(channel.printable): no sync of these reads from Postgres",
        hint: "without it they run every \(DurationText.text(loop.interval))"
      )
    }
    return await session.run(
      selected.syncs,
      jobs: jobs,
      unreadable: selected,
      every: loop,
      channel: channel
    )
  }

  /// The loop that `--every` asks for; nil without it.
  private static func loop(_ context: CommandContext) throws(CommandFailure) -> RunLoop? {
    let arguments = context.arguments
    guard let interval = arguments.value(of: every).flatMap(DurationText.parse) else {
      if arguments.has(listen) { throw CommandFailure(.usage, "--listen needs --every") }
      return nil
    }
    let others = [limit, .allow, .jitter].filter(arguments.has).map { "--\($0.name)" }
    if let other = others.first {
      throw CommandFailure(.usage, "\(other) is for one run: it cannot be said with --every")
    }
    return RunLoop(interval: interval)
  }

  /// Waits for the part of `--jitter` that belongs to this project, these syncs and this machine.
  private static func delay(
    _ context: CommandContext,
    _ selected: CommandContext.SelectedSyncs
  ) async throws {
    guard let jitter = context.arguments.value(of: .jitter).flatMap(DurationText.parse) else {
      return
    }
    let subject = [selected.project.directory] + selected.syncs.map(\.name)
    // A signal ends the process, as nothing has begun.
    try await Task.sleep(for: Jitter.part(of: jitter, for: subject))
  }
}

extension Option {
  /// The option `--jitter DURATION`.
  static let jitter = Option(
    "jitter",
    value: .duration,
    "Begin up to DURATION later, by a time that is the same for this project and machine each time"
  )
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
