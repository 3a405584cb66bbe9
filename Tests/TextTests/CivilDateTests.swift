import Testing

@testable import Text

@Suite struct CivilDateTests {
  @Test func `every day of 800 years has the date after the day before`() {
    var expected = CivilDate(year: 1599, month: 12, day: 31)
    for days in expected.days + 1...CivilDate(year: 2400, month: 3, day: 1).days {
      let isLast = expected.day == CivilDate.daysInMonth(expected.month, year: expected.year)
      let isYearsEnd = isLast && expected.month == 12
      expected = CivilDate(
        year: expected.year + (isYearsEnd ? 1 : 0),
        month: isYearsEnd ? 1 : expected.month + (isLast ? 1 : 0),
        day: isLast ? 1 : expected.day + 1
      )
      #expect(CivilDate(days: days) == expected)
      #expect(expected.days == days)
    }
  }

  @Test(arguments: [
    (0, "1970-01-01"), (-1, "1969-12-31"), (11_016, "2000-02-29"), (-719_528, "0000-01-01"),
    (2_932_896, "9999-12-31"),
  ])
  func `a day counted from 1970 has its date, also before`(days: Int, text: String) {
    #expect(CivilDate(days: days).text == text)
  }
}
