/// Dates and times that are written as digits alone: "20160314", "20160314T150000Z", "1603".
extension DateFields {
  private static let digits = DateText.Pattern(
    #/
    ([-+]?) (\d{2,14})
    (?: \s* t? \s* (\d{2,6})? (?: [,.] (\d*) )? )?
    ( z\b | [-+]\d{1,4}\b | \[ [-+]? \d [^\]]* \] )?
    /#
  )

  mutating func findDigits(_ text: inout DateText) -> Bool {
    guard let found = text.cut(Self.digits), let digits = found[2] else { return false }
    let run = DigitRun(digits)
    let isTime = found[3] == nil && found[4] != nil
    if isTime { setTime(run) } else { setDate(run, sign: found[1] ?? "") }
    if let time = found[3].map(DigitRun.init), time.count % 2 == 0 {
      if found[4] != nil {
        setTime(time)
      } else {
        hour = time.from(start: 0, 2)
        if time.count >= 4 { minute = time.from(start: 2, 2) }
        if time.count >= 6 { second = time.from(start: 4, 2) }
      }
    }
    if let fraction = found[4] { nanoseconds = Self.fraction(fraction) }
    if let found = found[5] { zone = Self.zone(found) }
    return true
  }

  /// `[-5:EST]` names a zone by its distance.
  private static func zone(_ text: String) -> String {
    guard text.hasPrefix("[") else { return text }
    let inner = text.dropFirst().dropLast()
    let distance = inner.prefix { $0 != ":" }
    let isSigned = distance.hasPrefix("-") || distance.hasPrefix("+")
    return inner.contains(":") ? (isSigned ? String(distance) : "+\(distance)") : String(inner)
  }

  /// Digits before a fraction are a time, told from its end.
  private mutating func setTime(_ run: DigitRun) {
    guard run.count % 2 == 0 || run.count <= 7 else { return }
    second = run.from(end: 2, 2)
    if run.count >= 3 { minute = run.from(end: 4, 2) }
    if run.count >= 5 { hour = run.from(end: 6, 2) }
    if run.count >= 7 { day = run.from(end: 8, 2) }
    if run.count >= 10 { month = run.from(end: 10, 2) }
    if run.count == 12 { year = run.from(end: 12, 2) }
    if run.count == 14 {
      year = run.from(end: 14, 4)
      expandsYear = false
    }
  }

  private mutating func setDate(_ run: DigitRun, sign: String) {
    let signed = { (number: Int?) in number.map { sign == "-" ? -$0 : $0 } }
    switch run.count {
    case 2: day = run.from(start: 0, 2)
    case 3: dayOfYear = run.from(start: 0, 3)
    case 4: (month, day) = (run.from(start: 0, 2), run.from(start: 2, 2))
    case 5: (year, dayOfYear) = (signed(run.from(start: 0, 2)), run.from(start: 2, 3))
    case 6:
      year = signed(run.from(start: 0, 2))
      (month, day) = (run.from(start: 2, 2), run.from(start: 4, 2))
    case 7: (year, dayOfYear) = (signed(run.from(start: 0, 4)), run.from(start: 4, 3))
    case 8, 10, 12, 14:
      year = signed(run.from(start: 0, 4))
      (month, day) = (run.from(start: 4, 2), run.from(start: 6, 2))
      if run.count >= 10 { hour = run.from(start: 8, 2) }
      if run.count >= 12 { minute = run.from(start: 10, 2) }
      if run.count >= 14 { second = run.from(start: 12, 2) }
      expandsYear = false
    default: break
    }
  }
}

/// Digits that are cut into numbers from either end.
private struct DigitRun {
  private let digits: [UInt8]

  init(_ text: String) { digits = Array(text.utf8) }

  var count: Int { digits.count }

  func from(start: Int, _ length: Int) -> Int? { number(start..<start + length) }

  /// The number of `length` digits that begins `end` digits before the end; shorter where the run
  /// is.
  func from(end: Int, _ length: Int) -> Int? {
    let start = digits.count - end
    return number(max(0, start)..<start + length)
  }

  private func number(_ range: Range<Int>) -> Int? {
    guard range.upperBound <= digits.count, !range.isEmpty else { return nil }
    return Int(String(decoding: digits[range], as: UTF8.self))
  }
}
