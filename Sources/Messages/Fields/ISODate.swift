internal import Text

/// Dates that SQLite holds as text or numbers, in ISO 8601.
///
/// Text is `YYYY-MM-DD`, with ` ` or `T` and `HH:MM[:SS[.fff]]`, with `Z`, `±HH:MM`, `±HH` or
/// nothing; numbers are Unix seconds. Source: SQLite's documentation, "Date And Time Functions".
enum ISODate {
  /// `text` with a `T`; nil if it is not a date, or not one of the calendar.
  static func text(parsing text: String, isDate: Bool) -> String? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 10, let year = number(bytes[0..<4]), bytes[4] == dash,
      let month = number(bytes[5..<7]), bytes[7] == dash, let day = number(bytes[8..<10]),
      (1...12).contains(month), (1...CivilDate.daysInMonth(month, year: year)).contains(day)
    else { return nil }
    let date = String(decoding: bytes[0..<10], as: UTF8.self)
    if bytes.count == 10 { return isDate ? date : date + "T00:00:00" }
    guard bytes[10] == UInt8(ascii: " ") || bytes[10] == UInt8(ascii: "T"),
      let time = time(bytes[11...])
    else { return nil }
    return isDate ? date : date + "T" + time
  }

  /// The instant in UTC; nil beyond the years 0 to 9999.
  static func text(unixSeconds seconds: Int, isDate: Bool) -> String? {
    guard (-62_167_219_200..<253_402_300_800).contains(seconds) else { return nil }
    let days = seconds.dividedDown(by: 86400)
    let second = seconds - days * 86400
    let date = CivilDate(days: days).text
    if isDate { return date }
    return date
      + "T\((second / 3600).padded(to: 2)):\((second / 60 % 60).padded(to: 2)):\((second % 60).padded(to: 2))Z"
  }

  /// The instant in UTC with milliseconds where there are any.
  static func text(unixSeconds seconds: Double, isDate: Bool) -> String? {
    guard seconds.isFinite, abs(seconds) < 1e12 else { return nil }
    let milliseconds = Int((seconds * 1000).rounded())
    let whole = milliseconds.dividedDown(by: 1000)
    guard let text = text(unixSeconds: whole, isDate: isDate) else { return nil }
    let rest = milliseconds - whole * 1000
    if isDate || rest == 0 { return text }
    return text.dropLast() + "." + rest.padded(to: 3) + "Z"
  }

  private static let dash = UInt8(ascii: "-")

  /// `HH:MM[:SS[.fff]]` and the zone, checked.
  private static func time(_ bytes: ArraySlice<UInt8>) -> String? {
    let zoneStart =
      bytes.firstIndex { $0 == dash || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "Z") }
      ?? bytes.endIndex
    let parts = bytes[..<zoneStart].split(
      separator: UInt8(ascii: ":"),
      omittingEmptySubsequences: false
    )
    guard (2...3).contains(parts.count), let hour = number(parts[0]), hour < 24,
      let minute = number(parts[1]), minute < 60, parts[0].count == 2, parts[1].count == 2
    else { return nil }
    if parts.count == 3 {
      let seconds = parts[2].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      guard seconds.count <= 2, let second = number(seconds[0]), second < 60,
        seconds[0].count == 2, seconds.count == 1 || number(seconds[1]) != nil
      else { return nil }
    }
    let time = String(decoding: bytes[..<zoneStart], as: UTF8.self)
    let padded = parts.count == 2 ? time + ":00" : time
    let zone = bytes[zoneStart...]
    return Self.zone(zone).map { padded + $0 }
  }

  /// `Z` for UTC, else `±HH:MM`, or nothing; nil where `zone` is none of these, nor `±HH`.
  private static func zone(_ zone: ArraySlice<UInt8>) -> String? {
    guard let sign = zone.first else { return "" }
    if zone.elementsEqual("Z".utf8) { return "Z" }
    let parts = zone.dropFirst().split(
      separator: UInt8(ascii: ":"),
      omittingEmptySubsequences: false
    )
    guard sign != UInt8(ascii: "Z"), (1...2).contains(parts.count),
      parts.allSatisfy({ $0.count == 2 }), let hours = number(parts[0]), hours < 24,
      let minutes = parts.count == 2 ? number(parts[1]) : 0, minutes < 60
    else { return nil }
    if hours == 0, minutes == 0 { return "Z" }
    return String(UnicodeScalar(sign)) + "\(hours.padded(to: 2)):\(minutes.padded(to: 2))"
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard !digits.isEmpty, digits.count <= 12 else { return nil }
    var value = 0
    for digit in digits {
      guard digit >= 48, digit <= 57 else { return nil }
      value = value * 10 + Int(digit - 48)
    }
    return value
  }
}
