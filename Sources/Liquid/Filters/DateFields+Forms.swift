/// The forms of a date that ``DateFields`` knows, in the order in which they are tried.
extension DateFields {
  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]

  private static func month(_ name: String?) -> String? {
    name.flatMap { months.firstIndex(of: $0.lowercased()) }.map { String($0 + 1) }
  }

  private static let weekday = DateText.Pattern(#/\b(sun|mon|tue|wed|thu|fri|sat)[^-\/\d\s]*/#)
  private static let time = DateText.Pattern(
    #/
    (
      (?: \d+ \s* : \s* \d+ (?: \s* : \s* \d+ (?: [,.] \d* )? )?
        | \d+ \s* h (?: \s* \d+ m? (?: \s* \d+ s? )? )? )
      (?: \s* [ap] (?: m\b | \.m\. ) )?
    | \d+ \s* [ap] (?: m\b | \.m\. )
    )
    (?: \s* (
      (?: gmt | utc? )? [-+] \d+ (?: [,.:] \d+ (?: : \d+ )? )?
    | [a-z.\s]+ (?: standard | daylight ) \s time \b
    | [a-z]+ (?: \s dst )? \b
    ) )?
    /#
  )
  private static let clock = DateText.Pattern(
    #/
    ^ (\d+) h? (?: \s* :? \s* (\d+) m? (?: \s* :? \s* (\d+) (?: [,.] (\d*) )? s? )? )?
    (?: \s* ([ap]) (?: m\b | \.m\. ) )?
    /#
  )

  /// Weekdays mean nothing without a date; a time brings its zone.
  mutating func findTime(_ text: inout DateText) {
    _ = text.cut(Self.weekday)
    guard let found = text.cut(Self.time), let words = found[1] else { return }
    zone = found[2]
    var rest = DateText(words)
    guard let parts = rest.cut(Self.clock) else { return }
    hour = parts.number(1)
    minute = parts.number(2)
    second = parts.number(3)
    if let digits = parts[4] { nanoseconds = Self.fraction(digits) }
    guard let half = parts[5]?.lowercased() else { return }
    hour = hour.map { $0 % 12 + (half == "p" ? 12 : 0) }
  }

  static func fraction(_ digits: String) -> Int {
    Int((digits + "000000000").prefix(9)) ?? 0
  }

  private static let dayAndMonth = DateText.Pattern(
    #/
    ('?\d+) [^-\d\s]* \s*
    (jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec) [^-\d\s']*
    (?: \s* ( c(?:e|\.e\.) | b(?:ce|\.c\.e\.) | a(?:d|\.d\.) | b(?:c|\.c\.) )?
      \s* ('?-?\d+ (?: (?:st|nd|rd|th)\b )? ) )?
    /#
  )
  private static let monthAndDay = DateText.Pattern(
    #/
    \b (jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec) [^-\d\s']* \s*
    ('?\d+) [^-\d\s']*
    (?: \s* ,? \s* ( c(?:e|\.e\.) | b(?:ce|\.c\.e\.) | a(?:d|\.d\.) | b(?:c|\.c\.) )?
      \s* ('?-?\d+) )?
    /#
  )

  /// "14 March 2016", "Mar 14, 2016".
  mutating func findNamedMonth(_ text: inout DateText) -> Bool {
    if let found = text.cut(Self.dayAndMonth) {
      let isBefore = found[3]?.lowercased().hasPrefix("b") ?? false
      set(found[4], second: Self.month(found[2]), third: found[1], isBeforeChrist: isBefore)
      return true
    }
    guard let found = text.cut(Self.monthAndDay) else { return false }
    let isBefore = found[3]?.lowercased().hasPrefix("b") ?? false
    set(found[4], second: Self.month(found[1]), third: found[2], isBeforeChrist: isBefore)
    return true
  }

  private static let iso = DateText.Pattern(#/('?[-+]?\d+)-(\d+)-('?-?\d+)/#)
  private static let japanese = DateText.Pattern(#/\b([mtshr])(\d+)\.(\d+)\.(\d+)/#)
  private static let dayNameYear = DateText.Pattern(
    #/('?-?\d+)-(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[^-\/.]*-('?-?\d+)/#
  )
  private static let nameDayYear = DateText.Pattern(
    #/\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[^-\/.]*-('?-?\d+)(?:-('?-?\d+))?/#
  )
  private static let eras = ["m": 1867, "t": 1911, "s": 1925, "h": 1988, "r": 2018]

  /// "2016-03-14", "H28.03.14", "14-Mar-2016", "Mar-14-2016".
  mutating func findDashes(_ text: inout DateText) -> Bool {
    if let found = text.cut(Self.iso) {
      set(found[1], second: found[2], third: found[3])
    } else if let found = text.cut(Self.japanese) {
      let era = Self.eras[found[1]?.lowercased() ?? ""] ?? 0
      year = found.number(2).map { $0 + era }
      month = found.number(3)
      day = found.number(4)
    } else if let found = text.cut(Self.dayNameYear) {
      set(found[3], second: Self.month(found[2]), third: found[1])
    } else if let found = text.cut(Self.nameDayYear) {
      set(found[3], second: Self.month(found[1]), third: found[2])
    } else {
      return false
    }
    return true
  }

  private static let slashes = DateText.Pattern(#/('?-?\d+)\/\s*('?\d+)(?:\D\s*('?-?\d+))?/#)
  private static let dots = DateText.Pattern(#/('?-?\d+)\.\s*('?\d+)\.\s*('?-?\d+)/#)

  /// "2016/3/14", "14.3.2016".
  mutating func findSeparated(_ text: inout DateText) -> Bool {
    guard let found = text.cut(Self.slashes) ?? text.cut(Self.dots) else { return false }
    set(found[1], second: found[2], third: found[3])
    return true
  }

  private static let week = DateText.Pattern(#/\b(\d{2}|\d{4})?-?w(\d{2})(?:-?(\d))?\b/#)
  private static let weekdayNumber = DateText.Pattern(#/-w-(\d)\b/#)
  private static let monthDay = DateText.Pattern(#/--(\d{2})?-(\d{2})\b/#)
  private static let monthMaybeDay = DateText.Pattern(#/--(\d{2})(\d{2})?\b/#)
  private static let decimals = DateText.Pattern(#/[,.](\d{2}|\d{4})-\d{3}(?!\d)\b/#)
  private static let ordinal = DateText.Pattern(#/\b(\d{2}|\d{4})-(\d{3})\b/#)
  private static let numberThree = DateText.Pattern(#/\d-\d{3}\b/#)
  private static let dayOnly = DateText.Pattern(#/\b-(\d{3})\b/#)

  /// The shorter forms of ISO 8601: weeks (which say no day), "--03-14", "2016-074".
  mutating func findShortISO(_ text: inout DateText) -> Bool {
    if text.cut(Self.week) != nil || text.cut(Self.weekdayNumber) != nil { return true }
    if let found = text.cut(Self.monthDay) {
      month = found.number(1)
      day = found.number(2)
    } else if let found = text.cut(Self.monthMaybeDay) {
      month = found.number(1)
      day = found.number(2)
    } else if !text.holds(Self.decimals), let found = text.cut(Self.ordinal) {
      year = found.number(1)
      dayOfYear = found.number(2)
    } else if !text.holds(Self.numberThree), let found = text.cut(Self.dayOnly) {
      dayOfYear = found.number(1)
    } else {
      return false
    }
    return true
  }

  private static let apostrophe = DateText.Pattern(#/'(\d+)\b/#)
  private static let monthName = DateText.Pattern(
    #/\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\S*/#
  )
  private static let dayNumber = DateText.Pattern(#/(\d+)(st|nd|rd|th)\b/#)

  /// "'16", "March", "14th".
  mutating func findSingle(_ text: inout DateText) -> Bool {
    if let found = text.cut(Self.apostrophe) {
      year = found.number(1)
    } else if let found = text.cut(Self.monthName) {
      month = Self.month(found[1]).flatMap { Int($0) }
    } else if let found = text.cut(Self.dayNumber) {
      day = found.number(1)
    } else {
      return false
    }
    return true
  }

  /// Sorts three texts into year, month and day: what is longer than two digits, or begins with an
  /// apostrophe, is the year, wherever it stands.
  private mutating func set(
    _ first: String?,
    second: String?,
    third: String?,
    isBeforeChrist: Bool = false
  ) {
    var (year, month, day) = (first, second, third)
    if year != nil, month != nil, day == nil { (year, month, day) = (day, year, month) }
    if year == nil, let text = day, text.count > 2 || text.hasPrefix("'") {
      (year, day) = (day, nil)
    }
    if let text = year, let parts = Self.split(text), !parts.rest.isEmpty {
      (year, day) = (day, parts.digits)
    }
    if let text = month, text.hasPrefix("'") || text.count > 2 {
      (year, month, day) = (month, day, year)
    }
    if let text = day, text.hasPrefix("'") || text.count > 2 { (year, day) = (day, year) }
    if let text = year, let number = DateText.number(text) {
      let digits = text.utf8.drop { !$0.isDigit }.prefix(while: \.isDigit)
      let isSigned = text.utf8.prefix { !$0.isDigit }.contains { $0 == 0x2D || $0 == 0x2B }
      if isSigned || digits.count > 2 { expandsYear = false }
      self.year = isBeforeChrist ? 1 - number : number
    }
    self.month = month.flatMap(DateText.number).map { abs($0) }
    self.day = day.flatMap(DateText.number).map { abs($0) }
  }

  /// The first digits of `text` and what follows them.
  private static func split(_ text: String) -> (digits: String, rest: String)? {
    guard let start = text.utf8.firstIndex(where: \.isDigit) else { return nil }
    let digits = text.utf8[start...].prefix(while: \.isDigit)
    return (
      String(decoding: digits, as: UTF8.self),
      String(decoding: text.utf8[digits.endIndex...], as: UTF8.self)
    )
  }
}
