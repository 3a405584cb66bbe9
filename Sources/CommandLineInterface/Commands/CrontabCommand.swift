import Arguments
import Glibc
import Reports
import Settings

/// The command `sluice crontab`.
enum CrontabCommand: SluiceCommand {
  typealias Report = CrontabReport

  private static let install = Option(
    "install",
    "Put the block into your crontab, in place of this project's old one"
  )
  private static let remove = Option("remove", "Take this project's block out of your crontab")

  static let command = Command(
    "crontab",
    "Write a crontab line for every sync with a schedule",
    discussion: """
      The lines go to standard output, between two marks that name the project. With --install \
      they replace the block of this project in your crontab, or are added to it; --remove takes \
      the block out. No other line of your crontab is touched, and several projects keep their \
      blocks side by side.

      The lines name the executable and the project by their full paths, since cron has neither \
      your folder nor your environment: what the project needs from it belongs in .env. A run \
      that starts while another run of its sync is under way ends at once and says nothing.
      """,
    options: [install, remove],
    examples: [
      Example("sluice crontab", "shows the block"),
      Example("sluice crontab --install", "writes it into your crontab; repeat it after changes"),
    ]
  )

  static func run(_ context: CommandContext) throws -> ExitCode {
    if context.arguments.has(remove) {
      if context.arguments.has(install) {
        throw CommandFailure(.usage, "--install and --remove exclude each other")
      }
      return try change(
        CrontabBlock(
          directory: try projectPath(context),
          environment: try context.environmentName()
        ),
        to: nil,
        lines: [],
        context: context
      )
    }
    // Every file has to be sound: a sync that cannot be read would silently lose its line.
    let project = try context.wholeProject()
    let directory = realPath(project.directory)
    let lines = project.syncs.compactMap { sync in
      sync.schedule.map {
        CrontabLine(
          sync: sync.name,
          schedule: $0.value,
          directory: directory,
          environment: project.environment
        )
      }
    }
    if lines.isEmpty {
      context.console.log(
        LogEvent(
          .warning,
          name: "no-schedule",
          message: "no sync has a schedule; write 'schedule: \"*/5 * * * *\"' into a file of syncs/"
        )
      )
    }
    let block = CrontabBlock(directory: try checked(directory), environment: project.environment)
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

  /// The path that marks the project's block, also where the project can no longer be read.
  private static func projectPath(_ context: CommandContext) throws(CommandFailure) -> String {
    try checked(realPath(try context.projectDirectory()))
  }

  /// `path` without symbolic links, as it is where it does not exist.
  private static func realPath(_ path: String) -> String {
    guard let found = realpath(path, nil) else { return path }
    defer { free(found) }
    return String(cString: found)
  }

  /// A crontab has a line for a mark: a path with a line break has no place in it.
  private static func checked(_ directory: String) throws(CommandFailure) -> String {
    if directory == directory.printable { return directory }
    throw CommandFailure(
      .configuration,
      "the path of the project holds a control character, which no crontab can hold",
      hint: "rename the folder"
    )
  }
}
