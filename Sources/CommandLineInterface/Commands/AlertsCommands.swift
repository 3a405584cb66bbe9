import Alerts
import Arguments
import Configuration
import Reports
import Settings
import Spelling

/// The command `sluice alerts status`.
enum AlertsStatusCommand: SluiceCommand {
  typealias Report = AlertsReport

  static let command = Command(
    "alerts status",
    "Show what is wrong since when, and which alerts wait to be delivered",
    examples: [Example("sluice alerts status", "every open incident with its syncs")]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let (alerts, _, unreadable) = try context.alerts()
    try await alerts.show(context.console)
    return unreadable
  }
}

/// The command `sluice alerts check`.
enum AlertsCheckCommand: SluiceCommand {
  typealias Report = AlertsReport

  static let command = Command(
    "alerts check",
    "Judge whether syncs are stale, and deliver what waits",
    discussion: """
      A sync is stale if no run of it has succeeded for the time that a rule allows. Every run judges \
      that, too; this command is for the time in which no run starts: give it a line of its own in \
      cron, or in another scheduler. It runs no sync.
      """,
    examples: [Example("sluice alerts check --quiet", "for a scheduler")]
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let (alerts, project, unreadable) = try context.alerts(notifies: true)
    let isJudged = await alerts.judge()
    // What rules say has changed for any of them.
    await MetricsCenter(context.console, project)?
      .write(project, changed: Set(project.syncNames), alerts)
    if context.console.options.isQuiet {
      context.console.result(try await alerts.status())
    } else {
      try await alerts.show(context.console)
    }
    return ExitCode.gravest(of: [isJudged ? .done : .failed, unreadable])
  }
}

/// The command `sluice alerts test`.
enum AlertsTestCommand: SluiceCommand {
  typealias Report = AlertTestReport

  static let command = Command(
    "alerts test",
    "Send a test message to a channel, or to all of them",
    arguments: [
      Argument(
        "CHANNEL",
        "Name of a channel; without one all of them",
        count: .optional,
        completion: .output(channelNames)
      )
    ],
    examples: [
      Example("sluice alerts test", "tries every channel"),
      Example("sluice alerts test ops", "tries one"),
    ]
  )

  /// Prints the channels of the project in the current folder, if each has a line of its own.
  private static let channelNames =
    "sed -n -e '/^  channels:/,/^  [a-z]*:$/s/^    \\([A-Za-z0-9_.-]*\\): .*/\\1/p' sluice.yml "
    + "2>/dev/null"

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let (alerts, _, _) = try context.alerts(notifies: true)
    let known = alerts.channelNames
    if let name = context.arguments.arguments.first, !known.contains(name) {
      throw unknown(name, known)
    }
    let names = context.arguments.arguments.first.map { [$0] } ?? known
    let report = await alerts.test(names)
    context.console.result(report)
    for channel in report.channels {
      let subject = "\(channel.name) (\(channel.type))"
      if let error = channel.error {
        context.console.report(error: "\(subject): \(error)", kind: .system)
      } else {
        context.console.summary("\(subject): took the message")
      }
    }
    return report.channels.allSatisfy { $0.error == nil } ? .done : .failed
  }

  private static func unknown(_ name: String, _ known: [String]) -> CommandFailure {
    let suggestion = Spelling.nearest(to: name, among: known)
    return CommandFailure(
      .usage,
      "unknown channel '\(name.printable)'" + Spelling.question(suggestion),
      kind: .unknownName,
      hint: suggestion == nil ? "there are \(known.joined(separator: ", "))" : nil
    )
  }
}

extension CommandContext {
  /// The alerts of the project, and the share that files which cannot be read have in the exit code.
  ///
  /// With `notifies` the commands that print secrets of channels run.
  fileprivate func alerts(
    notifies: Bool = false
  ) throws(CommandFailure) -> (AlertCenter, ProjectSettings, ExitCode) {
    let scope = Configuration.Scope(.syncs(names: [], tags: []), notifies: notifies)
    let (project, result) = try load(scope)
    guard let alerts = AlertCenter(self, project) else {
      throw CommandFailure(
        .configuration,
        "the project has no alerts",
        kind: .unknownReference,
        hint: "write 'alerts:' into \(Configuration.projectFile): docs/operations.md has examples"
      )
    }
    return (alerts, project, result.unreadable.isEmpty ? .done : .configuration)
  }
}

extension AlertCenter {
  /// Shows what is wrong.
  fileprivate func show(_ console: Console) async throws {
    let report = try await status()
    console.result(report)
    if report.incidents.isEmpty { console.summary("nothing is wrong") }
    for incident in report.incidents {
      let severity = incident.severity?.rawValue ?? "muted"
      let since = TimeText.local(Int64(incident.since / 1000))
      console.result("[\(severity)] \(incident.rule): \(incident.system), since \(since)")
      for sync in incident.syncs {
        console.result("  \(sync.sync) \(sync.summary)")
        console.result(sync.details.map { "    \($0)" } + ["    next: \(sync.command)"])
      }
    }
    for channel in report.channels where channel.waiting > 0 {
      let reason = channel.error.map { ": \($0)" } ?? ""
      console.result("\(channel.waiting) alerts wait for \(channel.name)\(reason)")
    }
  }
}
