import Reports

/// Text that is safe inside of a Markdown document.
enum MarkdownText {
  /// Characters of `lines` with their ends, counted as GitHub does.
  static func size(_ lines: [String]) -> Int {
    lines.reduce(0) { $0 + $1.utf16.count + 1 }
  }

  /// `text` as it is: no mark of it is read as Markdown or HTML, no name in it calls anybody.
  ///
  /// What stands between two backticks stays code.
  static func escaped(_ text: String) -> String {
    let parts = text.printable.split(separator: "`", omittingEmptySubsequences: false)
    // An odd backtick at the end is not the start of code.
    let isBalanced = parts.count % 2 == 1
    return parts.enumerated().map { index, part in
      if index % 2 == 0 { return plain(part) }
      let isCode = isBalanced || index < parts.count - 1
      return isCode && !part.isEmpty ? "`\(part)`" : "\\`" + plain(part)
    }.joined()
  }

  private static func plain(_ text: Substring) -> String {
    var result = ""
    for character in text {
      switch character {
      // GitHub makes links of names and numbers after the text is read.
      case "@", "#": result += "\(character)<!-- -->"
      case "\\", "`", "*", "_", "[", "]", "<", ">", "|", "~", "&", "$":
        result += "\\\(character)"
      default: result.append(character)
      }
    }
    return result
  }

  /// An error in one line of a list, with its place and what to type next.
  static func line(_ error: RunError) -> String {
    let place = error.location.map { "`\($0)`: " } ?? ""
    let hint = error.hint.map { " (\(escaped($0)))" } ?? ""
    return "- **error:** \(place)\(escaped(error.message))\(hint)"
  }

  /// `lines` in a fence that none of them can end.
  static func fenced(_ lines: [String], as language: String) -> [String] {
    let longest = lines.map(backticks).max() ?? 0
    let fence = String(repeating: "`", count: max(3, longest + 1))
    return ["\(fence)\(language)"] + lines + [fence]
  }

  /// The longest row of backticks in `line`.
  private static func backticks(_ line: String) -> Int {
    line.split { $0 != "`" }.map(\.count).max() ?? 0
  }
}
