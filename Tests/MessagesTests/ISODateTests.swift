import Testing

@testable import Messages

@Suite struct ISODateTests {
  @Test(
    arguments: [
      ("2024-05-06 07:08:09", "2024-05-06T07:08:09"), ("2024-05-06T07:08", "2024-05-06T07:08:00"),
      ("2024-05-06 07:08:09.123456789", "2024-05-06T07:08:09.123456789"),
      ("2024-05-06 07:08:09Z", "2024-05-06T07:08:09Z"),
      ("2024-05-06 07:08:09+05:30", "2024-05-06T07:08:09+05:30"),
      ("2024-05-06 07:08-03", "2024-05-06T07:08:00-03:00"),
      ("2024-05-06 07:08:09-00:00", "2024-05-06T07:08:09Z"), ("2024-05-06", "2024-05-06T00:00:00"),
      ("2000-02-29 00:00", "2000-02-29T00:00:00"), ("0001-01-01", "0001-01-01T00:00:00"),
    ]
  )
  func `text is read and written with a T`(text: String, expected: String) {
    #expect(ISODate.text(parsing: text, isDate: false) == expected)
    #expect(ISODate.text(parsing: text, isDate: true) == String(expected.prefix(10)))
  }

  @Test(
    arguments: [
      "", "2024", "2024-5-6", "2024-05-06x", "2024-05-06 ", "2024-05-06 7:08", "2024-05-06 24:00",
      "2024-05-06 07:60", "2024-05-06 07:08:60", "2024-05-06 07:08:09.", "2024-05-06 07",
      "2024-05-06 07:08:09z", "2024-05-06 07:08:09+5", "2024-05-06 07:08:09+05:60",
      "2024-05-06 07:08:09+24:00", "2024-05-06 07:08:09+05:00Z", "2024-05-06 07:08:09ZZ",
      "1900-02-29", "2023-02-29", "2024-04-31", "2024-00-01", "2024-01-00", "20240506",
      "2024/05/06", "-0043-03-15", "now", "2024-05-06 07:08:09+", "2024-05-06 07:08:09.5.5",
      "２０２４-05-06", "2024-05-06 :", "2024-05-06 ::", "2024-05-06  07:08",
    ]
  )
  func `what is not a date of the calendar is refused`(text: String) {
    #expect(ISODate.text(parsing: text, isDate: false) == nil)
  }

  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
      (951_782_400, "2000-02-29T00:00:00Z"), (253_402_300_799, "9999-12-31T23:59:59Z"),
      (-62_167_219_200, "0000-01-01T00:00:00Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
    ]
  )
  func `Unix seconds are UTC`(seconds: Int, expected: String) {
    #expect(ISODate.text(unixSeconds: seconds, isDate: false) == expected)
    #expect(ISODate.text(unixSeconds: seconds, isDate: true) == String(expected.prefix(10)))
  }

  @Test func `seconds with a fraction have milliseconds`() {
    #expect(ISODate.text(unixSeconds: 1.5, isDate: false) == "1970-01-01T00:00:01.500Z")
    #expect(ISODate.text(unixSeconds: -0.25, isDate: false) == "1969-12-31T23:59:59.750Z")
    #expect(ISODate.text(unixSeconds: 2.0, isDate: false) == "1970-01-01T00:00:02Z")
    #expect(ISODate.text(unixSeconds: 0.9996, isDate: false) == "1970-01-01T00:00:01Z")
    #expect(ISODate.text(unixSeconds: 86399.5, isDate: true) == "1970-01-01")
  }

  @Test func `instants beyond four digits of the year are refused, whatever their size`() {
    for seconds in [Int.min, -62_167_219_201, 253_402_300_800, Int.max] {
      #expect(ISODate.text(unixSeconds: seconds, isDate: false) == nil)
    }
    for seconds in [Double.nan, .infinity, -.infinity, 1e300, -1e300, 253_402_300_799.9999] {
      #expect(ISODate.text(unixSeconds: seconds, isDate: false) == nil)
    }
  }
}
