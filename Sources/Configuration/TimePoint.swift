import Text

/// Points in time as users write them: `2026-12-24`, `2026-12-24T08:00Z`, `2026-12-24T08:00:00+01:00`.
enum TimePoint {
  /// Microseconds since 1970; nil if `text` is not a time.
  ///
  /// A date alone is its midnight in UTC.
  static func microseconds(_ text: String) -> Int? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
      let day = number(bytes[8..<10]), (1...12).contains(month),
      (1...CivilDate.daysInMonth(month, year: year)).contains(day)
    else { return nil }
    let days = CivilDate(year: year, month: month, day: day).days
    if bytes.count == 10 { return days * 86_400_000_000 }
    guard [UInt8(ascii: "T"), UInt8(ascii: "t"), UInt8(ascii: " ")].contains(bytes[10]),
      let seconds = seconds(bytes[11...])
    else { return nil }
    return (days * 86_400 + seconds) * 1_000_000
  }

  /// Seconds since midnight in UTC of `08:00Z`, `08:00:00Z` or with an offset.
  private static func seconds(_ bytes: ArraySlice<UInt8>) -> Int? {
    let clock = bytes.prefix { (48...58).contains($0) }
    guard let time = time(clock) else { return nil }
    let zone = bytes.dropFirst(clock.count)
    if zone.elementsEqual("Z".utf8) || zone.elementsEqual("z".utf8) { return time }
    guard let sign = zone.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
      zone.count == 6, let offset = self.time(zone.dropFirst())
    else { return nil }
    return sign == UInt8(ascii: "+") ? time - offset : time + offset
  }

  private static func time(_ bytes: ArraySlice<UInt8>) -> Int? {
    let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    let numbers = parts.compactMap { $0.count == 2 ? number($0) : nil }
    guard (2...3).contains(parts.count), numbers.count == parts.count, numbers[0] < 24,
      numbers.dropFirst().allSatisfy({ $0 < 60 })
    else { return nil }
    return numbers[0] * 3600 + numbers[1] * 60 + (numbers.count == 3 ? numbers[2] : 0)
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
    bytes.allSatisfy { (48...57).contains($0) } ? Int(String(decoding: bytes, as: UTF8.self)) : nil
  }
}
