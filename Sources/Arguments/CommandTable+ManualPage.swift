extension CommandTable {
  /// The manual page of the tool in the language of man(7), with every command in it.
  public func manualPage(version: String) -> String {
    let capitals = name.uppercased()
    var lines = [
      ".TH \(capitals) 1 \"\" \"\(name) \(version)\" \"User Commands\"",
      ".SH NAME", "\(name) \\- \(Self.escaped(summary))",
      ".SH SYNOPSIS", ".B \(name)", "COMMAND [ARGUMENT…] [OPTION…]",
    ]
    if !discussion.isEmpty {
      lines.append(".SH DESCRIPTION")
      lines += Self.paragraphs(discussion)
    }
    lines.append(".SH COMMANDS")
    for command in commands { lines += section(of: command) }
    lines.append(".SH OPTIONS OF EVERY COMMAND")
    lines += (options + [.help]).flatMap(Self.item)
    lines.append(".SH EXIT STATUS")
    lines += exitCodes.flatMap { [".TP", ".B \($0.code)", Self.escaped($0.meaning)] }
    return lines.joined(separator: "\n")
  }

  private func section(of command: Command) -> [String] {
    var lines = [".SS \(Self.escaped(usage(of: command)))", "\(Self.escaped(command.summary))."]
    lines += Self.paragraphs(command.discussion)
    for argument in command.arguments {
      lines += [".TP", ".I \(argument.placeholder)", Self.escaped(argument.summary)]
    }
    lines += command.options.flatMap(Self.item)
    for example in command.examples {
      lines += [".PP", Self.escaped(example.meaning) + ":", ".PP", ".RS", ".nf"]
      lines += [Self.escaped(example.call), ".fi", ".RE"]
    }
    return lines
  }

  private static func item(_ option: Option) -> [String] {
    var usage = option.usage
    while usage.hasPrefix(" ") { usage.removeFirst() }
    return [".TP", ".B \(escaped(usage))", escaped(option.description)]
  }

  private static func paragraphs(_ text: String) -> [String] {
    text.paragraphs.flatMap { [".PP", escaped($0)] }
  }

  /// Text without what man(7) would take for commands.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      default: result.append(character)
      }
    }
    let isCommand = result.hasPrefix(".") || result.hasPrefix("'")
    return isCommand ? "\\&" + result : result
  }
}
