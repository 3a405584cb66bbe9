/// Reads dates and times as people write them: ISO 8601, RFC 2822, "14 March 2016 10:00 PM".
///
/// Words are taken one by one, in any order; what is missing is taken from today.
struct TimeParser {
  private enum Word {
    case number(Int, digits: Int)
    case name(String)
    case sign(UInt8)
  }

  private var words: [Word] = []
  private var gaps: [Bool] = []
  private var index = 0
  private var year: Int?
  private var month: Int?
  private var day: Int?
  private var clock: (hour: Int, minute: Int, second: Int, nanoseconds: Int)?
  private var offset: Int?
  private var isUTC = false
  private var hasWeekday = false

  /// Nil where nothing of a date is found in `text`.
  static func time(_ text: String, today: CivilTime) -> CivilTime? {
    guard text.utf8.count <= 256 else { return nil }
    var parser = TimeParser()
    parser.cut(text)
    while parser.index < parser.words.count { parser.take() }
    return parser.result(today)
  }

  private mutating func cut(_ text: String) {
    let bytes = Array(text.utf8)
    var position = 0
    var gap = true
    while position < bytes.count {
      let start = position
      if bytes[position].isDigit {
        while position < bytes.count, bytes[position].isDigit { position += 1 }
        let digits = String(decoding: bytes[start..<position], as: UTF8.self)
        words.append(.number(Int(digits.prefix(18)) ?? 0, digits: position - start))
      } else if bytes[position].isLetter {
        while position < bytes.count, bytes[position].isLetter { position += 1 }
        words.append(
          .name(String(decoding: bytes[start..<position], as: UTF8.self).lowercased())
        )
      } else {
        position += 1
        if bytes[start].isSpace || bytes[start] == UInt8(ascii: ",") {
          gap = true
          continue
        }
        words.append(.sign(bytes[start]))
      }
      gaps.append(gap)
      gap = false
    }
  }

  private func number(_ ahead: Int) -> (value: Int, digits: Int)? {
    guard index + ahead < words.count, case .number(let value, let digits) = words[index + ahead]
    else { return nil }
    return (value, digits)
  }

  private func sign(_ ahead: Int) -> UInt8? {
    guard index + ahead < words.count, case .sign(let sign) = words[index + ahead] else {
      return nil
    }
    return sign
  }

  private mutating func take() {
    switch words[index] {
    case .name(let name): takeName(name)
    case .sign(let sign): takeSign(sign)
    case .number(let value, let digits): takeNumber(value, digits)
    }
  }

  private mutating func takeName(_ name: String) {
    index += 1
    let short = String(name.prefix(3))
    if name.count >= 3,
      let found = CivilTime.monthNames.firstIndex(where: { $0.lowercased().hasPrefix(short) }),
      month == nil
    {
      month = found + 1
    } else if name.count >= 3,
      CivilTime.dayNames.contains(where: { $0.lowercased().hasPrefix(short) })
    {
      hasWeekday = true
    } else if name == "z" || name == "utc" || name == "gmt" {
      offset = 0
      isUTC = true
    } else if name == "am" || name == "pm", let time = clock {
      clock?.hour = time.hour % 12 + (name == "pm" ? 12 : 0)
    } else if let zone = TimeParser.zones[name] {
      offset = zone * 3600
    }
  }

  private static let zones = [
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
  ]

  private mutating func takeSign(_ sign: UInt8) {
    if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), clock != nil,
      let (value, digits) = number(1)
    {
      index += 2
      var (hours, minutes) = digits > 2 ? (value / 100, value % 100) : (value, 0)
      if self.sign(0) == UInt8(ascii: ":"), let (more, _) = number(1) {
        (hours, minutes) = (value, more)
        index += 2
      }
      guard hours < 24, minutes < 60 else { return }
      offset = (hours * 3600 + minutes * 60) * (sign == UInt8(ascii: "-") ? -1 : 1)
      isUTC = false
      return
    }
    index += 1
  }

  private mutating func takeNumber(_ value: Int, _ digits: Int) {
    if sign(1) == UInt8(ascii: ":"), number(2) != nil { return takeClock(value) }
    let separator = sign(1)
    if separator == UInt8(ascii: "-") || separator == UInt8(ascii: "/")
      || separator == UInt8(ascii: "."), number(2) != nil || isName(2)
    {
      return takeDate(value, digits)
    }
    index += 1
    if case .name("am")? = word(0), clock == nil {
      clock = (value, 0, 0, 0)
    } else if case .name("pm")? = word(0), clock == nil {
      clock = (value, 0, 0, 0)
    } else if digits == 8, year == nil {
      (year, month, day) = (value / 10_000, value / 100 % 100, value % 100)
    } else if digits == 14, year == nil {
      let date = value / 1_000_000
      (year, month, day) = (date / 10_000, date / 100 % 100, date % 100)
      clock = (value / 10_000 % 100, value / 100 % 100, value % 100, 0)
    } else if digits == 6, clock == nil, year != nil {
      clock = (value / 10_000, value / 100 % 100, value % 100, 0)
    } else if digits >= 3, year == nil {
      year = value
    } else if day == nil {
      day = value
    } else if year == nil {
      year = value < 69 ? 2000 + value : value < 100 ? 1900 + value : value
    }
  }

  private func word(_ ahead: Int) -> Word? {
    index + ahead < words.count ? words[index + ahead] : nil
  }

  private func isName(_ ahead: Int) -> Bool {
    if case .name? = word(ahead) { return true }
    return false
  }

  private mutating func takeClock(_ hour: Int) {
    var time = (hour: hour, minute: number(2)?.value ?? 0, second: 0, nanoseconds: 0)
    index += 3
    if sign(0) == UInt8(ascii: ":"), let (second, _) = number(1) {
      time.second = second
      index += 2
      if sign(0) == UInt8(ascii: ".") || sign(0) == UInt8(ascii: ","),
        let (value, digits) = number(1)
      {
        var fraction = value
        var count = min(digits, 18)
        while count < 9 {
          fraction *= 10
          count += 1
        }
        while count > 9 {
          fraction /= 10
          count -= 1
        }
        time.nanoseconds = fraction
        index += 2
      }
    }
    clock = time
  }

  /// `2016-03-14`, `14/3/2016`, `3/14/2016` is not a date in Ruby, `14-Mar-2016`.
  private mutating func takeDate(_ first: Int, _ digits: Int) {
    index += 2
    if case .name(let name)? = word(0) {
      if name == "t" { index -= 1 }
      day = first
      return
    }
    guard let (second, _) = number(0) else { return }
    index += 1
    var third: (value: Int, digits: Int)?
    if sign(0) == UInt8(ascii: "-") || sign(0) == UInt8(ascii: "/") || sign(0) == UInt8(ascii: ".")
    {
      third = number(1)
      if third != nil { index += 2 }
    }
    if digits >= 3 {
      (year, month, day) = (first, second, third?.value ?? 1)
    } else if let third {
      if third.digits >= 3 {
        (day, month, year) = (first, second, third.value)
      } else {
        (year, month, day) = (first < 69 ? 2000 + first : 1900 + first, second, third.value)
      }
    } else {
      (month, day) = (first, second)
    }
  }

  private func result(_ today: CivilTime) -> CivilTime? {
    guard year != nil || month != nil || day != nil || clock != nil || hasWeekday else {
      return nil
    }
    let now = today.date
    let hasDate = year != nil || month != nil || day != nil
    let (year, month) = (year ?? now.year, month ?? (year != nil ? 1 : now.month))
    let day = day ?? (hasDate ? 1 : now.day)
    guard (1...12).contains(month), day >= 1, day <= CivilTime.daysInMonth(year, month),
      abs(year) < 300_000
    else { return nil }
    let time = clock ?? (0, 0, 0, 0)
    guard time.hour <= 24, time.minute < 60, time.second <= 60 else { return nil }
    var result = CivilTime(seconds: 0)
    result.offset = offset ?? 0
    result.isUTC = offset == nil || isUTC
    result.nanoseconds = time.nanoseconds
    result.seconds =
      CivilTime.days(year, month, day) * 86_400 + time.hour * 3600 + time.minute * 60
      + time.second - result.offset
    return result
  }
}
