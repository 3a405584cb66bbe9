import Blocking
import Foundation
import Synchronization
import Text

/// Points in time as people and programs read them.
public enum TimeText {
  /// Now, in milliseconds since 1970.
  public static var now: Int64 {
    Int64(WallClock.microseconds() / 1000)
  }

  /// Date and time in the project's time zone, as in `2026-01-31 10:00:00`.
  public static func local(_ milliseconds: Int64) -> String {
    local(milliseconds, in: zone.withLock { $0 })
  }

  static func local(_ milliseconds: Int64, in zone: TimeZone) -> String {
    let moment = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
    var seconds = time_t(milliseconds.dividedDown(by: 1000)) + zone.secondsFromGMT(for: moment)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    return "\(date(parts)) \(time(parts))"
  }

  /// The zone of ``local(_:)``.
  ///
  /// It is not the process's `TZ`: a thread that starts a program reads the environment, which must
  /// not change meanwhile.
  private static let zone = Mutex(TimeZone.gmt)

  /// Makes `zone`, an IANA name, the one that ``local(_:)`` uses; an unknown name means UTC.
  static func use(zone name: String) {
    zone.withLock { $0 = TimeZone(identifier: name) ?? .gmt }
  }

  private static func date(_ parts: tm) -> String {
    CivilDate(
      year: Int(parts.tm_year) + 1900,
      month: Int(parts.tm_mon) + 1,
      day: Int(parts.tm_mday)
    ).text
  }

  private static func time(_ parts: tm) -> String {
    [parts.tm_hour, parts.tm_min, parts.tm_sec].map { $0.padded(to: 2) }.joined(separator: ":")
  }
}
