import Text

/// Reads dates and times as Ruby's `Time.parse` does: ISO 8601, RFC 2822, "14 March 2016 10:00 PM".
///
/// Larger units that are missing are taken from today, smaller ones are the least there is.
enum TimeParser {
  /// Seconds of later years do not fit into 64 bits.
  private static let yearMax = 100_000_000_000

  /// Nil where `text` says nothing of a date or a time, or a date that does not exist.
  static func time(_ text: String, today: CivilTime) -> CivilTime? {
    guard var fields = ISOTime.fields(text) ?? DateFields(text) else { return nil }
    guard fields.saysSomething else { return nil }
    let offset = fields.zone.flatMap(offset)
    guard abs(offset ?? 0) < 86_400 else { return nil }
    if let dayOfYear = fields.dayOfYear {
      guard fields.resolve(dayOfYear, today) else { return nil }
    }
    fields.complete(from: today, offset ?? 0)
    return time(fields, offset)
  }

  private static func time(_ fields: DateFields, _ offset: Int?) -> CivilTime? {
    let (year, month, day) = (fields.year ?? 1970, fields.month ?? 1, fields.day ?? 1)
    let (hour, minute, second) = (fields.hour ?? 0, fields.minute ?? 0, fields.second ?? 0)
    // A day that the month does not have is one of the next month, up to the 31st.
    guard (1...12).contains(month), (1...31).contains(day), abs(year) < yearMax,
      (0...60).contains(second), (0..<60).contains(minute),
      (0...23).contains(hour) || (hour == 24 && minute == 0 && second == 0)
    else { return nil }
    var result = CivilTime(seconds: 0)
    result.offset = offset ?? 0
    result.isUTC = offset == nil || isUTC(fields.zone ?? "") || offset == 0
    result.nanoseconds = fields.nanoseconds ?? 0
    result.seconds =
      CivilDate(year: year, month: month, day: 1).days * 86_400 + (day - 1) * 86_400 + hour * 3600
      + minute * 60
      + second - result.offset
    return result
  }

  private static func isUTC(_ zone: String) -> Bool {
    ["-00:00", "-0000", "-00", "utc", "z", "ut"].contains(zone.lowercased())
  }

  /// Seconds that `zone` is ahead of UTC; nil for a zone that nobody knows.
  private static func offset(_ zone: String) -> Int? {
    if let hours = hours[zone.lowercased()] { return hours * 3600 }
    var rest = zone.utf8[...]
    guard let sign = rest.popFirst(), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else {
      return nil
    }
    let parts = String(decoding: rest, as: UTF8.self).split(separator: ":", maxSplits: 2)
    let digits = parts.joined()
    let isCut = parts.count == 1 || parts.allSatisfy { $0.utf8.count == 2 }
    guard isCut, [2, 4, 6].contains(digits.utf8.count), digits.utf8.allSatisfy(\.isDigit),
      let number = Int(digits)
    else { return nil }
    let seconds =
      switch digits.utf8.count {
      case 2: number * 3600
      case 4: number / 100 * 3600 + number % 100 * 60
      default: number / 10_000 * 3600 + number / 100 % 100 * 60 + number % 100
      }
    return sign == UInt8(ascii: "-") ? -seconds : seconds
  }

  private static let hours: [String: Int] = {
    var hours = [
      "utc": 0, "z": 0, "ut": 0, "gmt": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7,
      "mdt": -6, "pst": -8, "pdt": -7,
    ]
    // The letters of the military zones; J is left out.
    for (index, letter) in "abcdefghiklm".enumerated() { hours[String(letter)] = index + 1 }
    for (index, letter) in "nopqrstuvwxy".enumerated() { hours[String(letter)] = -index - 1 }
    return hours
  }()
}

extension DateFields {
  /// Whether there is anything that a time can be made of.
  fileprivate var saysSomething: Bool {
    year != nil || month != nil || day != nil || dayOfYear != nil || hour != nil || minute != nil
      || second != nil || nanoseconds != nil
  }

  /// Turns a day of the year into month and day.
  fileprivate mutating func resolve(_ dayOfYear: Int, _ today: CivilTime) -> Bool {
    guard (1...366).contains(dayOfYear) else { return false }
    let year = self.year ?? today.date.year
    let first = CivilDate(year: year, month: 1, day: 1).days
    let date = CivilTime(seconds: (first + dayOfYear - 1) * 86_400).date
    guard date.year == year else { return false }
    (self.year, month, day) = (year, date.month, date.day)
    return true
  }

  /// Takes the units above the largest that is said from now, as it is `offset` seconds ahead.
  fileprivate mutating func complete(from today: CivilTime, _ offset: Int) {
    var now = today
    now.offset = offset
    if year != nil { return }
    year = now.date.year
    if month != nil { return }
    month = now.date.month
    if day != nil { return }
    day = now.date.day
    if hour != nil { return }
    hour = now.hour
    if minute != nil { return }
    minute = now.minute
    if second != nil { return }
    second = now.second
  }
}
