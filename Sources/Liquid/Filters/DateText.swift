/// A text in which dates are looked for: whatever matches is cut out of it.
struct DateText {
  /// A pattern; letters match in either case, classes know ASCII only.
  struct Pattern: @unchecked Sendable {
    // Never changed once it is made: a compiled regular expression.
    fileprivate let regex: Regex<AnyRegexOutput>

    init<Output>(_ regex: Regex<Output>) {
      self.regex = Regex<AnyRegexOutput>(
        regex.ignoresCase().asciiOnlyDigits().asciiOnlyWhitespace()
          .wordBoundaryKind(.simple)
      )
    }
  }

  /// What a pattern found, group by group.
  struct Found {
    fileprivate let groups: [String?]

    subscript(_ group: Int) -> String? { group < groups.count ? groups[group] : nil }

    /// The digits at the beginning of a group as a number.
    func number(_ group: Int) -> Int? { self[group].flatMap(DateText.number) }
  }

  private(set) var text: String

  /// Everything but letters, digits and the signs of dates becomes white space.
  init(_ text: String) {
    var kept = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isKept =
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        || "-+',./:@[]".unicodeScalars.contains(scalar)
      if isKept { kept.append(scalar) } else if kept.last != " " { kept.append(" ") }
    }
    self.text = String(kept)
  }

  /// Cuts the first match out, leaving a space.
  mutating func cut(_ pattern: Pattern) -> Found? {
    guard let match = text.firstMatch(of: pattern.regex) else { return nil }
    let groups = match.output.map { $0.substring.map(String.init) }
    text.replaceSubrange(match.range, with: " ")
    return Found(groups: groups)
  }

  func holds(_ pattern: Pattern) -> Bool { text.firstMatch(of: pattern.regex) != nil }

  /// The first run of digits in `text`, at most 18 of them, with the sign before it.
  static func number(_ text: String) -> Int? {
    guard let start = text.utf8.firstIndex(where: \.isDigit) else { return nil }
    let digits = text.utf8[start...].prefix(while: \.isDigit)
    let isNegative =
      start > text.utf8.startIndex
      && text.utf8[text.utf8.index(before: start)] == UInt8(ascii: "-")
    return Int(String(decoding: digits.prefix(18), as: UTF8.self)).map { isNegative ? -$0 : $0 }
  }
}
