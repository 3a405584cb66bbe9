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
  var days: Int { (local - (local < 0 ? 86_399 : 0)) / 86_400 }
  var secondOfDay: Int { local - days * 86_400 }
  var hour: Int { secondOfDay / 3600 }
  var minute: Int { secondOfDay / 60 % 60 }
  var second: Int { secondOfDay % 60 }
  /// 0 is Sunday.
  var weekday: Int { ((days + 4) % 7 + 7) % 7 }

  var date: (year: Int, month: Int, day: Int) { CivilTime.date(days: days) }

  /// From 1.
  var dayOfYear: Int { days - CivilTime.days(date.year, 1, 1) + 1 }

  /// Days since 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
  static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func date(days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (
      yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
      dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    )
  }

  /// The week of the ISO year, and that year.
  var isoWeek: (year: Int, week: Int) {
    let monday = (weekday + 6) % 7
    let thursday = days - monday + 3
    let year = CivilTime.date(days: thursday).year
    return (year, (thursday - CivilTime.days(year, 1, 1)) / 7 + 1)
  }

  static func daysInMonth(_ year: Int, _ month: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  static let monthNames = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]

  static let dayNames = [
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
  ]
}
