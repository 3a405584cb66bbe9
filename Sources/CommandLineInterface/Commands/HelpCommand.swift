import Arguments
import Reports

/// The command `sluice help`.
enum HelpCommand: SluiceCommand {
  typealias Report = TextReport

  private static let manual = Option("man", "Write the manual page, for man(1), instead")

  static let command = Command(
    "help",
    "Show the help of a command",
    arguments: [Argument("COMMAND", "The command; without it all of them", count: .any)],
    options: [manual],
    examples: [
      Example("sluice help run", "the help of run"),
      Example("sluice help --man > sluice.1", "the manual page"),
    ]
  )

  static func run(_ context: CommandContext) throws -> ExitCode {
    let table = CommandLineInterface.table
    if context.arguments.has(manual) {
      context.console.result(
        text: table.manualPage(
          version: CommandLineInterface.version,
          date: CommandLineInterface.released
        )
      )
      return .done
    }
    let words = context.arguments.arguments
    let width = CommandLineInterface.helpWidth(context.console)
    if words.isEmpty {
      context.console.result(text: table.help(nil, width: width))
      return .done
    }
    let name = words.joined(separator: " ")
    // The beginning of names, such as `state`, has the help of all of them.
    let named = table.commands.filter { $0.name == name }
    let commands =
      named.isEmpty ? table.commands.filter { $0.name.hasPrefix("\(name) ") } : named
    guard !commands.isEmpty else {
      // The parser knows how to say what was probably meant.
      _ = try table.parse(words)
      throw CommandFailure(.usage, "unknown command '\(name)'")
    }
    let texts = commands.map { table.help($0, width: width) }
    context.console.result(text: texts.joined(separator: "\n\n"))
    return .done
  }
}
