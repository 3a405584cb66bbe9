import Arguments
import Configuration
import Reports

/// The command `sluice check`.
enum CheckCommand: SluiceCommand {
  typealias Report = CheckReport

  static let command = Command(
    "check",
    "Check every file of the project",
    discussion: """
      Reads sluice.yml, .env, all models, all syncs and their unit tests, and says what is wrong with them, each \
      with its place in the file. Columns are checked where the query, as it stands, has run \
      before. Nothing is connected to. Without --env all environments are checked, one after the \
      other.

      With --connect it then tries every source and destination, all at once: names, connections, \
      TLS, logins, every model with the messages made of it, and every fixed topic with its \
      settings and rights. Nothing is sent or created. What nobody tells is shown as ?. Whatever \
      hangs, it ends after twice the longest time to connect (timeouts.connect, connect_timeout: \
      30 s unless said otherwise).
      """,
    options: [connect],
    examples: [
      Example("sluice check", "says what is wrong, and ends with 78 if anything is"),
      Example("sluice check --output json", "the same for an editor or a build"),
      Example("sluice check --connect", "tries all connections, and says what to do about each"),
    ]
  )

  private static let connect = Option(
    "connect",
    "Try every source and destination, and look at models and topics"
  )

  static func run(_ context: CommandContext) async throws -> ExitCode {
    let console = context.console
    var check = ProjectCheck(context, connects: context.arguments.has(connect))
    for name in try environments(context) { try await check.check(name) }
    check.showSummaries()
    console.result(check.report)
    return check.code
  }

  /// The named environment; without a name the project as it stands and all of its environments.
  private static func environments(
    _ context: CommandContext
  ) throws(CommandFailure) -> [String?] {
    if let name = try context.environmentName() { return [name] }
    return [nil] + Configuration.environments(of: try context.projectDirectory())
  }
}
