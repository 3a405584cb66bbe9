import Arguments
import Reports
import Settings

/// The command `sluice crontab`.
enum CrontabCommand: SluiceCommand {
  typealias Report = CrontabReport

  private static let install = Option(
    "install",
    "Put the block into your crontab, in place of this project's old one"
  )
  private static let print = Option("print", "Show the block, as without an option")
  private static let remove = Option("remove", "Take this project's block out of your crontab")

  static let command = Command(
    "crontab",
    "Write crontab lines for every sync with a schedule",
    discussion: """
      The lines go to standard output, between two marks that name the project. With --install \
      they replace the block of this project in your crontab, or are added to it; --remove takes \
      the block out. No other line of your crontab is touched, and several projects keep their \
      blocks side by side.

      Syncs of one schedule share a line, and run up to four at a time. A project with rules of \
      alerts has one more line, which checks every five minutes whether syncs are stale and delivers \
      what waits.

      The lines name the executable and the project by their full paths, since cron has neither \
      your folder nor your environment: what the project needs from it belongs in .env. A run \
      that starts while another run of its sync is under way ends at once and says nothing.
      """,
    options: [install, print, remove, .jitter],
    examples: [
      Example("sluice crontab", "shows the block"),
      Example("sluice crontab --install", "writes it into your crontab; repeat it after changes"),
    ]
  )

  static func run(_ context: CommandContext) throws -> ExitCode {
    if context.arguments.has(remove) {
      if context.arguments.has(install) || context.arguments.has(print) {
        throw CommandFailure(.usage, "--install, --print and --remove exclude each other")
      }
      return try change(
        CrontabBlock(
          directory: try context.markedPath(try context.projectDirectory()),
          environment: try context.environmentName()
        ),
        to: nil,
        lines: [],
        context: context
      )
    }
    let isPrinted = context.arguments.has(print)
    if isPrinted, context.arguments.has(install) {
      throw CommandFailure(.usage, "--install and --print exclude each other")
    }
    let project = try context.scheduledProject(isOffline: false)
    let directory = try context.markedPath(project.directory)
    let jitter = context.arguments.value(of: .jitter).flatMap(DurationText.parse)
    let lines = ScheduledCommand.all(of: project).map { command in
      CrontabLine(command, directory: directory, environment: project.environment, jitter: jitter)
    }
    if lines.isEmpty { context.console.warnOfNoSchedule() }
    let block = CrontabBlock(directory: directory, environment: project.environment)
    let text = lines.isEmpty ? nil : block.text(comments(project) + lines.map(\.text))
    if context.arguments.has(install) {
      return try change(block, to: text, lines: lines, context: context)
    }
    if let text { context.console.result(String(text.dropLast())) }
    context.console.result(CrontabReport(directory: directory, lines: lines.map(\.reported)))
    return .done
  }

  private static func comments(_ project: ProjectSettings) -> [String] {
    if project.timezone == "UTC" { return [] }
    return ["# cron takes these times in the system's time zone, not in \(project.timezone)."]
  }

  /// Puts `text` in the place of the project's block; nil takes the block out.
  private static func change(
    _ block: CrontabBlock,
    to text: String?,
    lines: [CrontabLine],
    context: CommandContext
  ) throws(CommandFailure) -> ExitCode {
    let crontab = try UserCrontab(environment: context.environment)
    let old = try crontab.read()
    let new: [UInt8]
    do throws(CrontabBlock.Damage) {
      new = try block.replaced(by: text, in: old)
    } catch {
      throw CommandFailure(
        .configuration,
        "line \(error.line) of your crontab: \(error.message)",
        kind: .system,
        hint: "nothing was changed; mend or delete these lines with 'crontab -e'"
      )
    }
    if new != old { try crontab.write(new) }
    let report = CrontabReport(
      directory: block.directory,
      lines: lines.map(\.reported),
      isInstalled: text != nil,
      isChanged: new != old
    )
    say(isThere: text != nil, isChanged: new != old, block, context.console)
    context.console.result(report)
    return .done
  }

  private static func say(
    isThere: Bool,
    isChanged: Bool,
    _ block: CrontabBlock,
    _ console: Console
  ) {
    let sentence =
      switch (isThere, isChanged) {
      case (true, true): "Your crontab now has the block of \(block.subject.printable)"
      case (true, false): "Your crontab has this block of \(block.subject.printable) already"
      case (false, true): "Your crontab no longer has the block of \(block.subject.printable)"
      case (false, false): "Your crontab has no block of \(block.subject.printable)"
      }
    console.summary(sentence)
  }
}
