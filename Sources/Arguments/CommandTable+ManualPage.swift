extension CommandTable {
  /// The manual page of the tool in the language of man(7), with every command in it.
  ///
  /// `date` is the day of the release, as in 2026-01-31.
  public func manualPage(version: String, date: String) -> String {
    let capitals = name.uppercased()
    var lines = [
      ".TH \(capitals) 1 \"\(date)\" \"\(name) \(version)\" \"User Commands\"",
      ".SH NAME", "\(name) \\- \(Self.escaped(summary))",
      ".SH SYNOPSIS", ".B \(name)", "COMMAND [ARGUMENT…] [OPTION…]",
    ]
    if !discussion.isEmpty {
      lines.append(".SH DESCRIPTION")
      // The heading has begun the first one.
      lines += Self.paragraphs(discussion).dropFirst()
    }
    lines.append(".SH COMMANDS")
    for command in commands { lines += section(of: command) }
    lines.append(".SH OPTIONS OF EVERY COMMAND")
    lines += (options + [.help]).flatMap(Self.item)
    lines.append(".SH EXIT STATUS")
    lines += exitCodes.flatMap { [".TP", ".B \($0.code)", Self.escaped($0.meaning)] }
    return Self.filled(lines).joined(separator: "\n")
  }

  /// The same text in lines of at most 80 bytes, as formatters of manual pages want them, to which
  /// everything beyond ASCII is an escape of 8; what is to be shown as it is stays as it is.
  private static func filled(_ lines: [String]) -> [String] {
    var isShownAsItIs = false
    return lines.flatMap { line -> [String] in
      if line == ".nf" { isShownAsItIs = true }
      if line == ".fi" { isShownAsItIs = false }
      if isShownAsItIs || line.hasPrefix(".") { return [line] }
      var filled: [String] = []
      for word in line.split(separator: " ") {
        if let last = filled.last, size(last) + 1 + size(word) <= 80 {
          filled[filled.count - 1] += " " + word
        } else {
          filled.append(guarded(String(word)))
        }
      }
      return filled
    }
  }

  private static func size(_ text: some StringProtocol) -> Int {
    text.unicodeScalars.reduce(0) { $0 + ($1.isASCII ? 1 : 8) }
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
    return guarded(result)
  }

  /// A line that is not taken for a command, whatever it begins with.
  private static func guarded(_ line: String) -> String {
    line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : line
  }
}
