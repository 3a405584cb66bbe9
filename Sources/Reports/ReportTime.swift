internal import Glibc

/// Points in time as programs read them.
public enum ReportTime {
  /// ISO 8601 in UTC with milliseconds, as in `2026-01-31T09:00:00.000Z`.
  public static func utc(milliseconds: Int64) -> String {
    var seconds = time_t(milliseconds.floored(by: 1000))
    var parts = tm()
    gmtime_r(&seconds, &parts)
    let fraction = padded(Int(milliseconds - Int64(seconds) * 1000), 3)
    let date = [
      padded(Int(parts.tm_year) + 1900, 4), padded(Int(parts.tm_mon) + 1, 2),
      padded(Int(parts.tm_mday), 2),
    ].joined(separator: "-")
    let time = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { padded(Int($0), 2) }
      .joined(separator: ":")
    return "\(date)T\(time).\(fraction)Z"
  }

  /// The same for microseconds since 1970.
  static func utc(microseconds: Int) -> String {
    utc(milliseconds: Int64(microseconds).floored(by: 1000))
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

extension Int64 {
  /// The quotient, rounded down also below zero.
  fileprivate func floored(by divisor: Int64) -> Int64 {
    self >= 0 ? self / divisor : (self - divisor + 1) / divisor
  }
}
