import Reports
import Settings

/// A report that can be a comment on a pull request.
protocol MarkdownReport: Sendable {
  /// The document; `errors` are those of files, and of a command that found nothing.
  func markdown(errors: [RunError]) -> String
}

extension PlansReport: MarkdownReport {
  func markdown(errors: [RunError]) -> String {
    PlanMarkdown(reports: syncs, errors: errors, isWhole: showsMessages).text
  }
}

/// Plans as a comment on a pull request: what matters first, samples as far as there is room.
struct PlanMarkdown {
  let reports: [PlanReport]
  let errors: [RunError]
  /// Whether values and messages are uncut.
  let isWhole: Bool

  /// Most characters, counted as GitHub does; it takes 65,536.
  static let charactersMax = 65_000
  /// Room for the line that tells of what is left out.
  private static let reserve = 200
  /// Most columns of a value that is cut.
  private static let valueMax = 120

  /// The whole document, with a line feed at its end.
  var text: String {
    let title = "### Sluice plan: \(MarkdownText.escaped(summary))"
    var room = Self.charactersMax - Self.reserve - MarkdownText.size([title])
    var heads: [[String]] = []
    var leftOut = 0
    for head in [errorLines] + reports.map(head) {
      let isFitting = MarkdownText.size(head) <= room
      if isFitting { room -= MarkdownText.size(head) } else { leftOut += 1 }
      heads.append(isFitting ? head : [])
    }
    var blocks = [title] + heads[0]
    var rowsLeftOut = 0
    for (report, head) in zip(reports, heads.dropFirst()) where !head.isEmpty {
      let (samples, missing) = samples(of: report, room: &room)
      rowsLeftOut += missing
      blocks += head + samples
    }
    if leftOut + rowsLeftOut > 0 {
      blocks.append(
        "\n\(leftOut) sections and \(rowsLeftOut) samples do not fit into "
          + "\(Self.charactersMax.grouped) characters: `sluice plan` shows them"
      )
    }
    return blocks.joined(separator: "\n") + "\n"
  }

  private var summary: String {
    if let total = reports.summary { return total }
    guard let report = reports.first else { return "failed" }
    return "\(report.sync): \(report.summary)"
  }

  private var errorLines: [String] { errors.isEmpty ? [] : [""] + errors.map(MarkdownText.line) }

  /// What is to be known of a sync besides samples.
  private func head(_ report: PlanReport) -> [String] {
    var lines: [String] = []
    if reports.count > 1 {
      lines += ["", "#### \(MarkdownText.escaped("\(report.sync): \(report.summary)"))"]
    }
    var remarks = (report.error?.all ?? []).map(MarkdownText.line)
    remarks += report.pinned.map { ["- \(MarkdownText.escaped($0.sentence))"] } ?? []
    remarks += report.testLines.map { "- \(MarkdownText.escaped($0))" }
    remarks += report.problems.lines.map { "- \(MarkdownText.escaped($0))" }
    remarks += report.notes.map { "- \(MarkdownText.escaped($0))" }
    if !report.isFailed { remarks.append("- \(MarkdownText.escaped(report.heading))") }
    return lines + [""] + remarks
  }

  /// Samples that fit, in a fence that shows them as a difference, and how many do not.
  private func samples(
    of report: PlanReport,
    room: inout Int
  ) -> (lines: [String], missing: Int) {
    var lines: [String] = []
    var missing = 0
    var budget = room - Self.frameSize
    for change in Change.allCases {
      let samples = report.samples.filter { $0.change == change }
      for sample in samples {
        let block = block(sample, isRedacted: report.isRedacted)
        if MarkdownText.size(block) > budget {
          missing += 1
          continue
        }
        budget -= MarkdownText.size(block)
        lines += block
      }
      let rest = report.rest(of: change)
      if rest > 0 { lines.append("  … \(rest.grouped) more \(change.intention)") }
    }
    if lines.isEmpty { return ([], missing) }
    let block = Self.opening + MarkdownText.fenced(lines, as: "diff") + ["", "</details>"]
    room -= MarkdownText.size(block)
    return (block, missing)
  }

  private static let opening = ["", "<details open><summary>changes</summary>", ""]
  /// What stands around samples, with a fence of usual length, and the lines that count the rest.
  private static let frameSize = 250

  private func block(_ sample: PlanReport.Sample, isRedacted: Bool) -> [String] {
    let sign = sample.change.sign
    var lines = ["\(sign) \((sample.row ?? "a row").printable)"]
    for column in sample.columns {
      let name = column.name.printable
      if isRedacted {
        lines.append("\(sign)   \(name)")
        continue
      }
      switch (column.old, column.new) {
      case (let old?, let new?):
        let pair = ValuePair(old.printable, new.printable, room: isWhole ? nil : Self.valueMax)
        lines += ["-   \(name): \(pair.old)", "+   \(name): \(pair.new)"]
      case (nil, let new?): lines.append("+   \(name): \(cut(new))")
      case (let old?, nil): lines.append("-   \(name): \(cut(old))")
      case (nil, nil): break
      }
    }
    if let rejection = sample.rejection { lines.append("!   \(rejection)") }
    if let message = sample.message { lines += block(message, isRedacted: isRedacted) }
    return lines
  }

  private func block(_ message: PlanReport.Message, isRedacted: Bool) -> [String] {
    let place = "    \(message.place)"
    if isRedacted || !isWhole {
      let value = isRedacted ? nil : message.value.map(cut)
      return ["\(place) \(value ?? message.size)"]
    }
    let headers = message.headers.map { "      \($0.name): \($0.value ?? "")".printable }
    return ["\(place) \(message.size)"] + headers
      + (message.value.map { ["      \($0.printable)"] } ?? [])
  }

  private func cut(_ text: String) -> String {
    isWhole ? text.printable : text.printable.truncated(to: Self.valueMax)
  }
}
