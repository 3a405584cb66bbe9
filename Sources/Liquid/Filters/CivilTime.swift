import Text

/// A date and a time of day in a zone with a fixed distance from UTC.
struct CivilTime {
  /// Seconds since 1970-01-01T00:00:00Z.
  var seconds: Int
  var nanoseconds = 0
  /// Seconds that the zone is ahead of UTC.
  var offset = 0
  /// Whether the zone is UTC by name, not only by distance.
  var isUTC = true

  /// Years beyond this are not worth printing, and would not fit.
  static let secondsMax = 253_402_300_799 * 10

  private var local: Int { seconds + offset }
  /// Days since 1970-01-01.
  var days: Int { local.dividedDown(by: 86_400) }
  var secondOfDay: Int { local - days * 86_400 }
  var hour: Int { secondOfDay / 3600 }
  var minute: Int { secondOfDay / 60 % 60 }
  var second: Int { secondOfDay % 60 }
  /// 0 is Sunday.
  var weekday: Int { ((days + 4) % 7 + 7) % 7 }

  var date: CivilDate { CivilDate(days: days) }

  /// From 1.
  var dayOfYear: Int { days - CivilDate(year: date.year, month: 1, day: 1).days + 1 }

  /// The week of the ISO year, and that year.
  var isoWeek: (year: Int, week: Int) {
    let monday = (weekday + 6) % 7
    let thursday = days - monday + 3
    let year = CivilDate(days: thursday).year
    return (year, (thursday - CivilDate(year: year, month: 1, day: 1).days) / 7 + 1)
  }

  static let monthNames = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]

  static let dayNames = [
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
  ]
}
