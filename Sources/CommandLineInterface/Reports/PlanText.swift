import Reports
import Settings

/// A plan as a terminal shows it.
struct PlanText {
  let report: PlanReport
  /// Whether messages are shown whole, with their headers, and values uncut.
  let isWhole: Bool
  /// Columns of the terminal; nil if none shows it.
  let width: Int?
  /// Gives a text a colour, where a terminal shows it.
  let paint: (String, String) -> String

  /// The plan, line by line, with what is to be read first at its end.
  var lines: [String] {
    var remarks = report.pinned.map { ["  \($0.sentence)"] } ?? []
    remarks += report.notes.map { "  note: \($0.printable)" }
    remarks += report.testLines.map { "  \($0)" }
    remarks += report.problems.lines.map { "  \($0)" }
    var lines = sentences([bold("\(report.sync): \(report.heading)")] + remarks)
    for change in Change.allCases { lines += changes(change) }
    if !report.isFailed { lines += sentences([bold("\(report.sync): \(report.summary)")]) }
    return lines
  }

  private func sentences(_ lines: [String]) -> [String] { TextWrap.lines(lines, width: width) }

  private func changes(_ change: Change) -> [String] {
    let samples = report.samples.filter { $0.change == change }
    let rest = report.rest(of: change)
    let more = samples.isEmpty ? "" : "more "
    return samples.flatMap(lines)
      + (rest > 0 ? ["  " + paint("… \(rest.grouped) \(more)\(change.intention)", "2")] : [])
  }

  private func lines(of sample: PlanReport.Sample) -> [String] {
    let head = cut("\(sample.change.sign) \(sample.row ?? "a row")", room(after: 2))
    let nameWidth = sample.columns.map(\.name.printable.columns).max() ?? 0
    var lines = ["  " + paint(head, sample.change.colour)]
    for column in sample.columns {
      let name = column.name.printable
      let padding = String(repeating: " ", count: nameWidth - name.columns)
      let value = value(column, of: sample.change, room: room(after: nameWidth + 8))
      lines.append(report.isRedacted ? "      \(name)" : "      \(name):\(padding) \(value)")
    }
    if let rejection = sample.rejection { lines += sentences(["      " + paint(rejection, "33")]) }
    if let message = sample.message { lines += self.lines(of: message) }
    return lines
  }

  /// Columns that are left in a line; nil for any number.
  private func room(after used: Int) -> Int? {
    if isWhole { return nil }
    return max((width ?? Self.widthElsewhere) - used, 20)
  }

  /// The longest lines where no terminal shows them.
  private static let widthElsewhere = 160

  private func value(
    _ column: (name: String, old: String?, new: String?),
    of change: Change,
    room: Int?
  ) -> String {
    switch (column.old, column.new) {
    case (let old?, let new?):
      let pair = ValuePair(old.printable, new.printable, room: room.map { ($0 - 3) / 2 })
      return paint(pair.old, "31") + " → " + paint(pair.new, "32")
    case (nil, let new?): return cut(new, room)
    case (let old?, nil):
      return change == .removed ? cut(old, room) : cut(old, room.map { $0 - 7 }) + " → gone"
    case (nil, nil): return ""
    }
  }

  private func lines(of message: PlanReport.Message) -> [String] {
    guard isWhole else {
      let value = report.isRedacted ? nil : message.value?.printable
      return ["      " + cut("\(message.place) \(value ?? message.size)", room(after: 6))]
    }
    let headers = message.headers.map { header in
      "        \(header.name)" + (header.value.map { ": \($0)" } ?? "")
    }
    let body = message.value.map { JSONLayout.lines($0).map { "        \($0.printable)" } } ?? []
    return ["      \(message.place) \(message.size)"] + headers.map(\.printable) + body
  }

  private func cut(_ text: String, _ room: Int?) -> String {
    let text = text.printable
    return room.map { text.truncated(to: $0) } ?? text
  }

  private func bold(_ text: String) -> String { paint(text, "1") }
}

/// An old and a new value beside each other, cut so that the first difference can be seen.
struct ValuePair {
  let old: String
  let new: String

  /// Cuts both to `room` columns; nil for any number.
  init(_ old: String, _ new: String, room: Int?) {
    guard let room, max(old.columns, new.columns) > room else {
      (self.old, self.new) = (old, new)
      return
    }
    let common = zip(old, new).prefix { $0 == $1 }.count
    // Some of what is equal stays, so that one sees where it is.
    let skipped = common > room / 2 ? common - room / 4 : 0
    let lead = skipped > 0 ? "…" : ""
    self.old = (lead + old.dropFirst(skipped)).truncated(to: room)
    self.new = (lead + new.dropFirst(skipped)).truncated(to: room)
  }
}
