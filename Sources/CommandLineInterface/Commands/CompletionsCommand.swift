import Arguments
import Reports

/// The command `sluice completions`.
enum CompletionsCommand: SluiceCommand {
  typealias Report = TextReport

  private static let shells = Shell.allCases.map(\.rawValue)

  static let command = Command(
    "completions",
    "Write a script that lets a shell complete commands",
    arguments: [
      Argument("SHELL", shells.joined(separator: ", "), completion: .words(shells))
    ],
    examples: [
      Example("source <(sluice completions bash)", "for this bash"),
      Example("sluice completions fish > ~/.config/fish/completions/sluice.fish", "for every fish"),
    ]
  )

  static func run(_ context: CommandContext) throws -> ExitCode {
    let name = context.arguments.arguments.first ?? ""
    guard let shell = Shell(rawValue: name) else {
      let hint = "there are \(shells.joined(separator: ", "))"
      throw CommandFailure(.usage, "unknown shell '\(name.printable)'", hint: hint)
    }
    context.console.result(text: CommandLineInterface.table.completions(for: shell))
    return .done
  }
}
