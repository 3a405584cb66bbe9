/// Completion for fish.
struct FishCompletions {
  let table: CommandTable

  var script: String {
    let words = CommandWords(table.commands)
    var lines = [
      "# Fish completion for \(table.name): put it into",
      "# ~/.config/fish/completions/\(table.name).fish",
      "complete -c \(table.name) -f",
    ]
    for (word, summary) in words.first {
      lines.append(line("__fish_use_subcommand", "-a \(word) -d \(quoted(summary))"))
    }
    for (parent, commands) in words.second {
      for command in commands {
        let last = command.words.last ?? ""
        let rest = "-a \(last) -d \(quoted(command.summary))"
        lines.append(line("__fish_seen_subcommand_from \(parent)", rest))
      }
    }
    for option in table.options + [.help] { lines.append(line(nil, specification(option))) }
    for command in table.commands { lines += self.lines(of: command) }
    return lines.joined(separator: "\n")
  }

  private func lines(of command: Command) -> [String] {
    let condition = command.words.map { "__fish_seen_subcommand_from \($0)" }
      .joined(separator: "; and ")
    let options = command.options.map { line(condition, specification($0)) }
    guard let argument = command.arguments.first, let action = Self.action(argument.completion)
    else { return options }
    return options + [line(condition, action)]
  }

  private func line(_ condition: String?, _ rest: String) -> String {
    let when = condition.map { " -n \(quoted($0))" } ?? ""
    return "complete -c \(table.name)\(when) \(rest)"
  }

  private func specification(_ option: Option) -> String {
    var text = option.letter.map { "-s \($0) " } ?? ""
    text += "-l \(option.name) -d \(quoted(option.summary))"
    if let value = option.value {
      text += " -x" + (Self.action(value.completion).map { " \($0)" } ?? "")
    }
    return text
  }

  private static func action(_ completion: Completion) -> String? {
    switch completion {
    case .nothing: nil
    case .words(let words): "-a \(quoted(words.joined(separator: " ")))"
    case .files: "-F"
    case .folders: "-a '(__fish_complete_directories)'"
    case .output(let command): "-a \(quoted("(sh -c " + quoted(command) + ")"))"
    }
  }
}
