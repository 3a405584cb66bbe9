public import Arguments
import Blocking
import Configuration
import Glibc
import Reports
import Settings
import Tracing

/// Sluice's command line: understands it, runs the command, says how the process ends.
public enum CommandLineInterface {
  /// Sluice's version.
  public static let version = "0.2.0"

  /// The day on which that version was made, as manual pages say it.
  static let released = "2026-11-26"

  /// All commands, in the order of help.
  static let commands: [any SluiceCommand.Type] = [
    InitCommand.self, NewCommand.self, CheckCommand.self, PlanCommand.self, PlanShowCommand.self,
    PlanDropCommand.self, ApplyCommand.self, RunCommand.self, BackfillCommand.self,
    ResetCommand.self, RecoverCommand.self, StatusCommand.self, RunsCommand.self,
    ErrorsCommand.self, MessagesCommand.self, InspectCommand.self, TestCommand.self,
    StateInfoCommand.self, StateBackupCommand.self, StateRestoreCommand.self,
    StateCompactCommand.self, RenderCommand.self, CrontabCommand.self, ScheduleCommand.self,
    AlertsStatusCommand.self, AlertsCheckCommand.self, AlertsTestCommand.self, ExplainCommand.self,
    DbtExposuresCommand.self, DoctorCommand.self, SchemaCommand.self, CompletionsCommand.self,
    HelpCommand.self, VersionCommand.self,
  ]

  /// The whole command line as one value.
  public static let table = CommandTable(
    name: "sluice",
    summary: "Keeps Kafka topics in step with the results of SQL queries.",
    discussion: """
      Sluice runs a model, which is a SQL query, against Postgres or SQLite, compares the result \
      with what it last delivered, and publishes one JSON message for every row that was added, \
      changed or removed. It is made to be started by cron; what it remembers is one SQLite file \
      a sync.

      Results are written to standard output, everything else to standard error. Colour is left \
      out if standard error is not a terminal, and if NO_COLOR is set.
      """,
    options: Option.shared,
    commands: commands.map { $0.command },
    exitCodes: ExitCode.allCases.map { ExitCodeDescription($0.rawValue, $0.meaning) },
    otherWords: otherWords
  )

  /// Runs the command that `words` name, the words after the executable's name.
  ///
  /// `output` and `errors` are where it writes, `currentDirectory` is an absolute path.
  public static func run(
    _ words: [String],
    environment: [String: String],
    currentDirectory: String,
    output: any TextSink = DescriptorSink.standardOutput,
    errors: any TextSink = DescriptorSink.standardError
  ) async -> ExitCode {
    let seen = table.glance(at: words)
    let options = consoleOptions(seen, environment)
    let console = Console(options: options, output: output, errors: errors)
    let type = commands.first { $0.command.name == seen.command?.name } ?? HelpCommand.self
    let code: ExitCode
    do {
      switch try table.parse(words) {
      case .help(let command):
        console.result(text: table.help(command, width: helpWidth(console)))
        code = .done
      case .version: code = VersionCommand.run(console)
      case .run(let command):
        code = try await run(
          type,
          CommandContext(
            arguments: command,
            console: console,
            environment: environment,
            currentDirectory: currentDirectory
          )
        )
      }
    } catch {
      if let error = error as? ReportedDiagnostic { console.report(error.diagnostic) }
      let failure = CommandFailure(error)
      console.report(failure)
      code = failure.code
      console.fail(failure)
    }
    console.writeDocument(type.emptyReport)
    return ending(code, console)
  }

  /// Runs the process's own command.
  public static func main() async -> Int32 {
    // A reader that went away shows as a failed write, not as the end of a run that sends.
    signal(SIGPIPE, SIG_IGN)
    // Full batches of wide rows; those of narrow ones are smaller, and are reused faster.
    ProcessMemory.returnBuffers(from: 2 << 20)
    let code = await run(
      Array(CommandLine.arguments.dropFirst()),
      environment: ProcessEnvironment.variables,
      currentDirectory: ProcessEnvironment.currentDirectory
    )
    return code.rawValue
  }

  /// Columns for help: the terminal's, within reason.
  static func helpWidth(_ console: Console) -> Int {
    min(max(console.resultWidth ?? 80, 40), 100)
  }

  private static func run(
    _ type: any SluiceCommand.Type,
    _ context: CommandContext
  ) async throws -> ExitCode {
    try await Trace.$current.withValue(context.console.trace) {
      try await KnownSecrets.$current.withValue(context.console.secrets) {
        try await type.run(context)
      }
    }
  }

  /// A result that could not be written is not a success.
  private static func ending(_ code: ExitCode, _ console: Console) -> ExitCode {
    guard console.hasFailed, code == .done else { return code }
    console.report(error: "standard output cannot be written", kind: .system)
    return .failed
  }

  private static func consoleOptions(
    _ parsed: CommandGlance,
    _ environment: [String: String]
  ) -> Console.Options {
    var options = Console.Options()
    options.output = parsed.value(of: .output).flatMap(Console.Format.init) ?? .text
    options.log = parsed.value(of: .logFormat).flatMap(Console.LogFormat.init) ?? .text
    options.level = parsed.value(of: .logLevel).flatMap(LogLevel.init) ?? .info
    options.isQuiet = parsed.has(.quiet)
    // As no-color.org has it: set and not empty.
    options.wantsColour = environment["NO_COLOR", default: ""].isEmpty
    return options
  }
}

/// What the process was started with.
enum ProcessEnvironment {
  static var variables: [String: String] {
    var result: [String: String] = [:]
    var pointer = environ
    while let entry = pointer.pointee {
      let text = String(cString: entry)
      if let equals = text.firstIndex(of: "="), equals != text.startIndex {
        result[String(text[..<equals])] = String(text[text.index(after: equals)...])
      }
      pointer = pointer.successor()
    }
    return result
  }

  static var currentDirectory: String {
    guard let pointer = getcwd(nil, 0) else { return "/" }
    defer { free(pointer) }
    return String(cString: pointer)
  }

  /// Absolute path of the executable, nil if the system does not tell.
  static var executable: String? {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
  }
}
