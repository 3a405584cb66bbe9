import Arguments
import Reports

/// The command `sluice version`.
enum VersionCommand: SluiceCommand {
  typealias Report = VersionReport

  static let command = Command("version", "Show the version")

  static func run(_ context: CommandContext) -> ExitCode { run(context.console) }

  /// Says the version, also for `--version`.
  static func run(_ console: Console) -> ExitCode {
    let version = CommandLineInterface.version
    console.result("sluice \(version)")
    console.result(VersionReport(version))
    return .done
  }
}
