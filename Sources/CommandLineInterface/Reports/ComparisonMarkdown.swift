import Reports
import Settings

extension PlanningReport: MarkdownReport {
  func markdown(errors: [RunError]) -> String {
    comparisons.isEmpty
      ? plans.markdown(errors: errors)
      : ComparisonMarkdown(reports: comparisons, errors: errors).text
  }
}

/// Comparisons as a comment on a pull request: counts first, samples as far as there is room.
struct ComparisonMarkdown {
  let reports: [ComparisonReport]
  let errors: [RunError]

  /// Most columns of a value.
  private static let valueMax = 120
  /// Members of one sync that are listed.
  private static let membersMax = 50

  /// The whole document, with a line feed at its end.
  var text: String {
    let differing = reports.reduce(0) { $0 + $1.differing }
    let total = reports.count == 1 ? reports[0].summary : "\(differing.grouped) messages differ"
    var blocks = ["### Sluice plan: \(MarkdownText.escaped(total))"]
    if !errors.isEmpty { blocks += [""] + errors.map(MarkdownText.line) }
    var leftOut = 0
    for report in reports {
      let head = head(of: report)
      let samples = samples(of: report)
      let used = MarkdownText.size(blocks)
      let room = PlanMarkdown.charactersMax - 200 - used - MarkdownText.size(head)
      guard room > 0 else {
        leftOut += 1
        continue
      }
      blocks += head + (MarkdownText.size(samples) <= room ? samples : [])
    }
    if leftOut > 0 { blocks.append("\n\(leftOut) syncs do not fit: `sluice plan` shows them") }
    return blocks.joined(separator: "\n") + "\n"
  }

  private func head(of report: ComparisonReport) -> [String] {
    var lines = ["", "#### \(MarkdownText.escaped("\(report.sync): \(report.summary)"))", ""]
    if let error = report.error {
      return lines + error.all.map(MarkdownText.line)
    }
    lines.append("- \(MarkdownText.escaped(report.heading))")
    lines += report.notes.map { "- \(MarkdownText.escaped($0))" }
    if report.members.isEmpty { return lines }
    lines += ["", "| messages | member |", "|---:|---|"]
    lines += report.members.prefix(Self.membersMax).map {
      "| \($0.messages.grouped) | \(MarkdownText.escaped($0.name)) |"
    }
    let rest = report.members.count - Self.membersMax
    return lines + (rest > 0 ? ["| | … \(rest.grouped) more |"] : [])
  }

  private func samples(of report: ComparisonReport) -> [String] {
    if report.samples.isEmpty { return [] }
    var lines: [String] = []
    for sample in report.samples {
      lines.append("  \((sample.row ?? "a row").printable), sent as \(sample.changeText)")
      for difference in sample.differences {
        let name = difference.name.printable
        if report.isRedacted {
          lines.append("!   \(name)")
          continue
        }
        let pair = ValuePair(difference.oldText, difference.newText, room: Self.valueMax)
        lines += ["-   \(name): \(pair.old)", "+   \(name): \(pair.new)"]
      }
    }
    return ["", "<details open><summary>samples</summary>", ""]
      + MarkdownText.fenced(lines, as: "diff") + ["", "</details>"]
  }
}
