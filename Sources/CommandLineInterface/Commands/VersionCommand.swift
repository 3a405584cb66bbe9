import Arguments
import Values

/// The command `sluice version`.
enum VersionCommand: SluiceCommand {
  static let command = Command("version", "Show the version")

  static func run(_ context: CommandContext) -> ExitCode {
    let version = CommandLineInterface.version
    if context.console.writesJSON {
      context.console.result(json: .object(Object([("version", .string(version))])))
    } else {
      context.console.result("sluice \(version)")
    }
    return .done
  }
}
