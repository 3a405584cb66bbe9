/// Checks the five fields of a crontab line (crontab(5)).
enum CronExpression {
  /// What is wrong with an expression, nil when nothing is.
  static func problem(_ text: String) -> String? {
    if text.hasPrefix("@") { return "expected five fields, found \(text.quoted)" }
    let words = text.split { $0 == " " || $0 == "\t" }
    guard words.count == fields.count else {
      return
        "expected five fields (minute, hour, day of month, month, day of week), found \(words.count)"
    }
    for (word, field) in zip(words, fields) {
      if let problem = field.problem(word) { return "the \(field.name): \(problem)" }
    }
    return impossibleDay(words)
  }

  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]
  private static let weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
  private static let fields = [
    Field(name: "minute", range: 0...59),
    Field(name: "hour", range: 0...23),
    Field(name: "day of month", range: 1...31),
    Field(name: "month", range: 1...12, names: months, firstName: 1),
    Field(name: "day of week", range: 0...7, names: weekdays, firstName: 0),
  ]

  /// The longest a month can be, in days.
  private static let lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

  /// A day that no chosen month has would never come.
  private static func impossibleDay(_ words: [Substring]) -> String? {
    guard words[4] == "*", let day = Int(words[2]), let month = fields[3].value(words[3]),
      day > lengths[month - 1]
    else { return nil }
    return "day \(day) of month \(month) never comes"
  }

  private struct Field {
    let name: String
    let range: ClosedRange<Int>
    var names: [String] = []
    var firstName = 0

    /// What is wrong with a field: a list of `*`, values and ranges, each perhaps with a step.
    func problem(_ text: Substring) -> String? {
      for item in text.split(separator: ",", omittingEmptySubsequences: false) {
        let parts = item.split(separator: "/", omittingEmptySubsequences: false)
        guard let base = parts.first, parts.count <= 2 else {
          return "two steps in \(quoted(item))"
        }
        if parts.count == 2 {
          guard let step = number(parts[1]), step > 0 else {
            return "a bad step in \(quoted(item))"
          }
        }
        if let problem = rangeProblem(base, hasStep: parts.count == 2) { return problem }
      }
      return nil
    }

    func value(_ text: Substring) -> Int? {
      if let index = names.firstIndex(of: text.lowercased()) { return index + firstName }
      return number(text).flatMap { range.contains($0) ? $0 : nil }
    }

    private func rangeProblem(_ text: Substring, hasStep: Bool) -> String? {
      if text == "*" { return nil }
      let ends = text.split(separator: "-", omittingEmptySubsequences: false)
      guard let first = ends.first, ends.count <= 2 else { return "\(quoted(text)) is not a range" }
      for end in ends where value(end) == nil {
        return "\(quoted(end)) is not from \(range.lowerBound) to \(range.upperBound)"
      }
      guard ends.count == 2, let last = ends.last else {
        return hasStep ? "a step needs '*' or a range, as in '*/5'" : nil
      }
      guard let low = value(first), let high = value(last), low <= high else {
        return "the range \(quoted(text)) goes backwards"
      }
      return nil
    }

    private func number(_ text: Substring) -> Int? {
      guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
      return Int(text)
    }

    private func quoted(_ text: Substring) -> String { String(text).quoted }
  }
}
