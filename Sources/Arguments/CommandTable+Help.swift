extension CommandTable {
  /// How a command is called, in one line.
  public func usage(of command: Command) -> String {
    let own = command.options.isEmpty ? [] : ["[OPTION…]"]
    let words = [name, command.name] + command.arguments.map(\.usage) + own
    return words.joined(separator: " ")
  }

  /// The help of a command, or with nil of the whole tool, in lines of at most `width` columns.
  public func help(_ command: Command?, width: Int = 80) -> String {
    let sections = command.map { self.sections(of: $0, width) } ?? overview(width)
    return sections.joined(separator: "\n\n")
  }

  private func overview(_ width: Int) -> [String] {
    var sections = [
      summary,
      "Usage: \(name) COMMAND [ARGUMENT…] [OPTION…]",
      Self.section("Commands", items: commands.map { ($0.name, $0.summary) }, width: width),
      Self.section("Options of every command", items: allOptions, width: width),
      Self.section(
        "Instead of a command",
        items: [(Option.version.usage, Option.version.description)],
        width: width
      ),
    ]
    if !exitCodes.isEmpty {
      sections.append(
        Self.section(
          "Exit codes",
          items: exitCodes.map { ("\($0.code)", $0.meaning) },
          width: width
        )
      )
    }
    sections.append("'\(name) help COMMAND' tells more about a command.")
    return sections
  }

  private func sections(of command: Command, _ width: Int) -> [String] {
    var sections = ["\(command.summary).", "Usage: \(usage(of: command))"]
    if !command.discussion.isEmpty {
      let paragraphs = command.discussion.paragraphs.map { $0.wrapped(to: width) }
      sections.append(paragraphs.map { $0.joined(separator: "\n") }.joined(separator: "\n\n"))
    }
    if !command.arguments.isEmpty {
      let items = command.arguments.map { ($0.placeholder, $0.summary) }
      sections.append(Self.section("Arguments", items: items, width: width))
    }
    if !command.options.isEmpty {
      let items = command.options.map { ($0.usage, $0.description) }
      sections.append(Self.section("Options", items: items, width: width))
    }
    sections.append(
      Self.section(
        "Options of every command",
        items: items(sharedOptions(beside: command)),
        width: width
      )
    )
    if !command.examples.isEmpty {
      let lines = command.examples.map { "  $ \($0.call)\n      \($0.meaning)" }
      sections.append((["Examples:"] + lines).joined(separator: "\n"))
    }
    return sections
  }

  private var allOptions: [(String, String)] { items(options + [.help]) }

  private func items(_ options: [Option]) -> [(String, String)] {
    options.map { ($0.usage, $0.description) }
  }

  /// A title and below it terms with their explanations in a second column.
  private static func section(_ title: String, items: [(String, String)], width: Int) -> String {
    let termWidth = min(items.map(\.0.count).max() ?? 0, 26)
    let indent = String(repeating: " ", count: termWidth + 4)
    var lines = ["\(title):"]
    for (term, explanation) in items {
      let wrapped = explanation.wrapped(to: max(20, width - indent.count))
      if term.count > termWidth {
        lines.append("  \(term)")
        lines += wrapped.map { indent + $0 }
      } else {
        let padding = String(repeating: " ", count: termWidth - term.count)
        lines.append("  \(term)\(padding)  \(wrapped.first ?? "")")
        lines += wrapped.dropFirst().map { indent + $0 }
      }
    }
    return lines.joined(separator: "\n")
  }
}

extension Option {
  /// What it does, with the values it takes.
  var description: String {
    guard let value, !value.choices.isEmpty else { return summary }
    return "\(summary): \(value.expectation)"
  }
}

extension String {
  /// Its paragraphs, each as one line.
  var paragraphs: [String] {
    var result: [[Substring]] = [[]]
    for line in split(separator: "\n", omittingEmptySubsequences: false) {
      if line.isEmpty {
        result.append([])
      } else {
        result[result.count - 1].append(line)
      }
    }
    return result.filter { !$0.isEmpty }.map { $0.joined(separator: " ") }
  }

  /// Its words in lines of at most `width` characters; a longer word has a line of its own.
  func wrapped(to width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? String(word) : " \(word)"
    }
    return line.isEmpty && !lines.isEmpty ? lines : lines + [line]
  }
}
