/// What a text says of a date and a time, field by field, as Ruby's `Date._parse` finds it.
///
/// One form after another is looked for; the first that matches is cut out of the text, and what
/// is left may still hold a time, a weekday or the mark of years before Christ. Text that has none
/// of the forms leaves every field nil. (Source: the documentation and behaviour of Ruby 3's
/// `Date._parse`, which Shopify's `date` filter rests on.)
struct DateFields {
  var year: Int?
  var month: Int?
  var day: Int?
  /// The day of the year, from 1.
  var dayOfYear: Int?
  var hour: Int?
  var minute: Int?
  var second: Int?
  var nanoseconds: Int?
  var zone: String?

  /// Whether a year of two digits means one of this century or the last.
  var expandsYear = true
  /// Longer texts are not dates.
  private static let lengthMax = 128

  /// Nothing is said.
  init() {}

  /// Nil for a text that is too long.
  init?(_ text: String) {
    guard text.unicodeScalars.count <= Self.lengthMax else { return nil }
    var text = DateText(text)
    findTime(&text)
    if findNamedMonth(&text) || findDashes(&text) || findSeparated(&text) {
    } else if findShortISO(&text) || findSingle(&text) {
    } else {
      _ = findDigits(&text)
    }
    if text.cut(Self.beforeChrist) != nil, let found = year { year = 1 - found }
    findRest(text)
    if expandsYear, let short = year, (0...99).contains(short) {
      year = short + (short >= 69 ? 1900 : 2000)
    }
  }

  private static let beforeChrist = DateText.Pattern(#/\b(bc\b|bce\b|b\.c\.|b\.c\.e\.)/#)
  private static let lonePair = DateText.Pattern(#/^\s*(\d{1,2})\s*$/#)

  /// One or two digits that are left over are the day beside a time, or the hour beside a day.
  private mutating func findRest(_ text: DateText) {
    var text = text
    guard let found = text.cut(Self.lonePair), let number = found.number(1) else { return }
    if hour != nil, day == nil, (1...31).contains(number) { day = number }
    if day != nil, hour == nil, (0...24).contains(number) { hour = number }
  }
}
