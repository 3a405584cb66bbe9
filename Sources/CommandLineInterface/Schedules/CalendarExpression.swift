import Configuration

extension CronSchedule {
  /// Values of `OnCalendar=` that together elapse when the schedule does (systemd.time(7)).
  ///
  /// There are two if cron takes days that are among those of the month or among those of the week:
  /// systemd takes days that are among both.
  func calendarExpressions(timezone: String) -> [String] {
    switch days {
    case .every: [calendar(timezone)]
    case .ofMonth(let days): [calendar(timezone, ofMonth: days)]
    case .ofWeek(let days): [calendar(timezone, ofWeek: days)]
    case .both(let ofMonth, let ofWeek): [calendar(timezone, ofMonth: ofMonth, ofWeek: ofWeek)]
    case .either(let ofMonth, let ofWeek):
      [calendar(timezone, ofMonth: ofMonth), calendar(timezone, ofWeek: ofWeek)]
    }
  }

  private func calendar(
    _ timezone: String,
    ofMonth: [Int] = [],
    ofWeek: [Int] = []
  ) -> String {
    let names = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let week = ofWeek.isEmpty ? "" : ofWeek.map { names[$0] }.joined(separator: ",") + " "
    let month = Self.component(months, of: 1...12)
    let day = ofMonth.isEmpty ? "*" : Self.component(ofMonth, of: 1...31)
    let hour = Self.component(hours, of: 0...23)
    let minute = Self.component(minutes, of: 0...59)
    return "\(week)*-\(month)-\(day) \(hour):\(minute):00 \(timezone)"
  }

  /// Values as short as systemd reads them: `*`, `00/5`, or a list.
  private static func component(_ values: [Int], of range: ClosedRange<Int>) -> String {
    let text = { (value: Int) in value < 10 ? "0\(value)" : String(value) }
    if values.count == range.count { return "*" }
    if values.count > 2, let first = values.first, let last = values.last {
      let step = values[1] - first
      let isEven = zip(values, values.dropFirst()).allSatisfy { $1 - $0 == step }
      // A repetition goes as far as the range does.
      if isEven, last + step > range.upperBound { return "\(text(first))/\(step)" }
    }
    return values.map(text).joined(separator: ",")
  }

  /// The five fields as Kubernetes reads them; nil if it cannot say what cron does.
  ///
  /// Its parsers do not agree whether `*/2` begins with `*`, and none of them takes 7 for Sunday:
  /// lists of numbers mean the same everywhere. Days that are among those of the month and among
  /// those of the week cannot be said.
  var kubernetesFields: String? {
    let pair: (month: [Int], week: [Int])
    switch days {
    case .every: pair = ([], [])
    case .ofMonth(let days): pair = (days, [])
    case .ofWeek(let days): pair = ([], days)
    case .either(let ofMonth, let ofWeek): pair = (ofMonth, ofWeek)
    case .both: return nil
    }
    let list = { (values: [Int], isAll: Bool) in
      isAll ? "*" : values.map(String.init).joined(separator: ",")
    }
    return [
      Self.step(minutes, of: 0...59), Self.step(hours, of: 0...23),
      list(pair.month, pair.month.isEmpty), list(months, months.count == 12),
      list(pair.week, pair.week.isEmpty),
    ].joined(separator: " ")
  }

  /// Minutes and hours as `*`, `*/5`, or a list: their star means nothing else.
  private static func step(_ values: [Int], of range: ClosedRange<Int>) -> String {
    if values.count == range.count { return "*" }
    if values.count > 2, values[0] == range.lowerBound {
      let step = values[1] - values[0]
      if values == Array(stride(from: range.lowerBound, through: range.upperBound, by: step)) {
        return "*/\(step)"
      }
    }
    return values.map(String.init).joined(separator: ",")
  }
}
