internal import Text

/// Points in time as programs read them.
public enum ReportTime {
  /// ISO 8601 in UTC with milliseconds, as in `2026-01-31T09:00:00.000Z`.
  public static func utc(milliseconds: Int64) -> String {
    let seconds = Int(milliseconds.dividedDown(by: 1000))
    let date = CivilDate(days: seconds.dividedDown(by: 86_400))
    let second = seconds - date.days * 86_400
    let time = [second / 3600, second / 60 % 60, second % 60].map { $0.padded(to: 2) }
    let fraction = (Int(milliseconds) - seconds * 1000).padded(to: 3)
    return "\(date.text)T\(time.joined(separator: ":")).\(fraction)Z"
  }

  /// The same for microseconds since 1970.
  static func utc(microseconds: Int) -> String {
    utc(milliseconds: Int64(microseconds).dividedDown(by: 1000))
  }
}
