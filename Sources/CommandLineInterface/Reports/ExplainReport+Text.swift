import Reports
import Settings

extension ExplainReport: MarkdownReport {
  /// A page of documentation: a table of contents by area, then each kind.
  func markdown(errors: [RunError]) -> String {
    if areas.isEmpty { return errors.map { "\($0.text)\n" }.joined() }
    let intro = """
      # Error codes

      Every error ends with its code, as in `[SL0301]`; in JSON it is the member `code`. `sluice explain SL0301` prints
      what this page says. A code names a kind of error and keeps its meaning from release to release, while texts may
      change: programs go by the code. Incidents of alerts are grouped by it.

      """
    return intro + areas.map(\.markdown).joined()
  }
}

extension ErrorKind.Area {
  fileprivate var markdown: String { "\n## \(name)\n" + kinds.map(\.markdown).joined() }
}

extension ErrorKind {
  fileprivate var markdown: String {
    """

    ### \(code): \(title)

    \(meaning)

    - **Why:** \(cause)
    - **What to do:** \(advice)

    """
  }

  /// The kind for a terminal, `width` columns wide.
  func lines(width: Int) -> [String] {
    ["\(code): \(title)", ""]
      + [meaning, "Why: \(cause)", "What to do: \(advice)"]
      .map { Self.wrapped($0, width: width) }.joined(separator: [""])
  }

  private static func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.columns + 1 + String(word).columns <= width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
