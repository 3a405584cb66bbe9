import Reports
import Settings

/// A comparison of two versions of a project's files as a terminal shows it.
struct ComparisonText {
  let report: ComparisonReport
  /// Columns of the terminal; nil if none shows it.
  let width: Int?
  /// Gives a text a colour, where a terminal shows it.
  let paint: (String, String) -> String

  /// Members that are listed; of an outer one that differs there are as many as it has inner ones.
  private static let membersMax = 20
  /// The longest lines where no terminal shows them.
  private static let widthElsewhere = 160

  /// The comparison, line by line, with what is to be read first at its end.
  var lines: [String] {
    var lines = [paint("\(report.sync): \(report.heading)", "1")]
    lines += report.notes.map { "  note: \($0.printable)" }
    lines = TextWrap.lines(lines, width: self.width)
    let width = report.members.prefix(Self.membersMax).map(\.messages.grouped.count).max() ?? 0
    for member in report.members.prefix(Self.membersMax) {
      let count = member.messages.grouped
      let padding = String(repeating: " ", count: width - count.count)
      lines.append("  \(padding)\(count)  \(member.name.printable)")
    }
    let rest = report.members.count - Self.membersMax
    if rest > 0 { lines.append("  … \(rest.grouped) more members") }
    for sample in report.samples { lines += self.lines(of: sample) }
    if report.error == nil { lines.append(paint("\(report.sync): \(report.summary)", "1")) }
    return lines
  }

  private func lines(of sample: ComparisonReport.Sample) -> [String] {
    let row = (sample.row ?? "a row").printable
    var lines = ["  " + paint("\(row), sent as \(sample.changeText)", "33")]
    for difference in sample.differences {
      let name = difference.name.printable
      if report.isRedacted {
        lines.append("      \(name)")
        continue
      }
      let room = max((self.width ?? Self.widthElsewhere) - name.columns - 11, 20) / 2
      let pair = ValuePair(difference.oldText, difference.newText, room: room)
      lines.append("      \(name): \(paint(pair.old, "31")) → \(paint(pair.new, "32"))")
    }
    return lines
  }
}

extension ComparisonReport {
  /// What was compared.
  var heading: String {
    "\(rows.grouped) rows, \(compared.grouped) messages compared with \(revision)".printable
  }

  /// What came out.
  var summary: String {
    if error != nil { return "failed" }
    switch presence {
    case .both: break
    case .new: return "the sync is new"
    case .gone: return "the sync is gone: nothing is sent any more"
    }
    if differing == 0 { return "no message differs" }
    return differing == 1 ? "1 message differs" : "\(differing.grouped) messages differ"
  }
}

extension ComparisonReport.Sample {
  /// What its messages would tell of.
  var changeText: String { changes.map(\.rawValue).joined(separator: ", ") }
}

extension ComparisonReport.Difference {
  /// The older value in one line.
  var oldText: String { old?.printable ?? "nothing" }

  /// The newer value in one line.
  var newText: String { new?.printable ?? "nothing" }
}
