/// When something runs, as the five fields of a crontab line say (crontab(5)).
///
/// The fields are taken apart into what they mean, so that it can be said in the words of another
/// scheduler.
public struct CronSchedule: Sendable, Hashable {
  /// Which days a schedule takes, of its months.
  public enum Days: Sendable, Hashable {
    /// All.
    case every
    /// These days of a month, from 1 to 31.
    case ofMonth([Int])
    /// These days of a week; 0 is Sunday.
    case ofWeek([Int])
    /// Days that are among one or the other: cron does so if neither field begins with `*`.
    case either(ofMonth: [Int], ofWeek: [Int])
    /// Days that are among both.
    case both(ofMonth: [Int], ofWeek: [Int])
  }

  /// What is wrong with a text, in words.
  struct Problem: Error {
    let message: String
  }

  /// From 0 to 59, sorted.
  public let minutes: [Int]
  /// From 0 to 23, sorted.
  public let hours: [Int]
  /// From 1 to 12, sorted.
  public let months: [Int]
  /// The days.
  public let days: Days

  /// Takes five fields apart; nil if they are not right.
  public init?(_ text: String) {
    do throws(Problem) { try self.init(parsing: text) } catch { return nil }
  }

  /// What is wrong with an expression, nil if nothing is.
  static func problem(_ text: String) -> String? {
    do throws(Problem) {
      _ = try CronSchedule(parsing: text)
      return nil
    } catch {
      return error.message
    }
  }

  private init(parsing text: String) throws(Problem) {
    if text.hasPrefix("@") { throw Problem(message: "expected five fields, found \(text.quoted)") }
    let words = text.split { $0 == " " || $0 == "\t" }
    guard words.count == 5 else {
      throw Problem(
        message: "expected five fields (minute, hour, day of month, month, day of week), found "
          + "\(words.count)"
      )
    }
    minutes = try CronField.minute.values(words[0])
    hours = try CronField.hour.values(words[1])
    let ofMonth = try CronField.dayOfMonth.values(words[2])
    months = try CronField.month.values(words[3])
    let ofWeek = Set(try CronField.dayOfWeek.values(words[4]).map { $0 % 7 }).sorted()
    let isJoined = !words[2].hasPrefix("*") && !words[4].hasPrefix("*")
    days = Self.days(ofMonth, ofWeek, isJoined: isJoined)
    try refuseImpossibleDay()
  }

  /// What the two fields of days mean together.
  private static func days(_ ofMonth: [Int], _ ofWeek: [Int], isJoined: Bool) -> Days {
    switch (ofMonth.count == 31, ofWeek.count == 7) {
    case (true, true): return .every
    case (true, false): return isJoined ? .every : .ofWeek(ofWeek)
    case (false, true): return isJoined ? .every : .ofMonth(ofMonth)
    case (false, false):
      return isJoined
        ? .either(ofMonth: ofMonth, ofWeek: ofWeek) : .both(ofMonth: ofMonth, ofWeek: ofWeek)
    }
  }

  /// The longest a month can be, in days.
  private static let lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

  /// A day that no chosen month has would never come.
  private func refuseImpossibleDay() throws(Problem) {
    let chosen: [Int]
    switch days {
    case .ofMonth(let days), .both(let days, _): chosen = days
    case .every, .ofWeek, .either: return
    }
    let longest = months.map { Self.lengths[$0 - 1] }.max() ?? 31
    guard let first = chosen.first, first > longest else { return }
    let list = months.map(String.init).joined(separator: ", ")
    throw Problem(message: "day \(first) of month \(list) never comes")
  }
}

/// One field of a crontab line.
private struct CronField {
  let name: String
  let range: ClosedRange<Int>
  var names: [String] = []
  var firstName = 0

  static let minute = CronField(name: "minute", range: 0...59)
  static let hour = CronField(name: "hour", range: 0...23)
  static let dayOfMonth = CronField(name: "day of month", range: 1...31)
  static let month = CronField(
    name: "month",
    range: 1...12,
    names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    firstName: 1
  )
  static let dayOfWeek = CronField(
    name: "day of week",
    range: 0...7,
    names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
  )

  /// The values of a list of `*`, values and ranges, each perhaps with a step; sorted, each once.
  func values(_ text: Substring) throws(CronSchedule.Problem) -> [Int] {
    var values: Set<Int> = []
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = item.split(separator: "/", omittingEmptySubsequences: false)
      guard let base = parts.first, parts.count <= 2 else {
        throw problem("two steps in \(quoted(item))")
      }
      var step = 1
      if parts.count == 2 {
        guard let number = number(parts[1]), number > 0 else {
          throw problem("a bad step in \(quoted(item))")
        }
        step = number
      }
      let bounds = try bounds(base, hasStep: parts.count == 2)
      values.formUnion(stride(from: bounds.lowerBound, through: bounds.upperBound, by: step))
    }
    return values.sorted()
  }

  private func bounds(
    _ text: Substring,
    hasStep: Bool
  ) throws(CronSchedule.Problem) -> ClosedRange<Int> {
    if text == "*" { return range }
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count <= 2 else { throw problem("\(quoted(text)) is not a range") }
    var values: [Int] = []
    for end in ends {
      guard let value = value(end) else {
        throw problem("\(quoted(end)) is not from \(range.lowerBound) to \(range.upperBound)")
      }
      values.append(value)
    }
    guard let low = values.first, let high = values.last else {
      throw problem("\(quoted(text)) is not a range")
    }
    if values.count == 1, hasStep { throw problem("a step needs '*' or a range, as in '*/5'") }
    guard low <= high else { throw problem("the range \(quoted(text)) goes backwards") }
    return low...high
  }

  private func value(_ text: Substring) -> Int? {
    if let index = names.firstIndex(of: text.lowercased()) { return index + firstName }
    return number(text).flatMap { range.contains($0) ? $0 : nil }
  }

  private func number(_ text: Substring) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int(text)
  }

  private func problem(_ message: String) -> CronSchedule.Problem {
    CronSchedule.Problem(message: "the \(name): \(message)")
  }

  private func quoted(_ text: Substring) -> String { String(text).quoted }
}
