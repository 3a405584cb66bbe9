extension String {
  /// How many columns of a terminal it takes, for one line of text.
  ///
  /// East Asian wide characters and emoji take two, marks that combine none; control characters
  /// are expected to be gone.
  var columns: Int {
    reduce(0) { $0 + $1.columns }
  }

  /// Its start, so that it takes at most `width` columns, with `…` where something is left out.
  func truncated(to width: Int) -> String {
    guard columns > width else { return self }
    var result = ""
    var used = 0
    for character in self {
      guard used + character.columns <= width - 1 else { break }
      used += character.columns
      result.append(character)
    }
    return width > 0 ? result + "…" : ""
  }

  /// Itself without line breaks and control characters, which could move a terminal's cursor.
  var printable: String {
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      switch scalar {
      case "\n", "\r", "\t": result.append(" ")
      case let scalar where scalar.properties.generalCategory == .control: result.append("\u{FFFD}")
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}

extension Character {
  fileprivate var columns: Int {
    guard let scalar = unicodeScalars.first else { return 0 }
    if scalar.isASCII { return 1 }
    if Self.widthless.contains(scalar.properties.generalCategory) { return 0 }
    let isEmoji =
      scalar.properties.isEmojiPresentation
      || unicodeScalars.contains { $0.value == 0xFE0F }
    return isEmoji || Self.wide.contains { $0.contains(scalar.value) } ? 2 : 1
  }

  private static let widthless: Set<Unicode.GeneralCategory> = [
    .nonspacingMark, .enclosingMark, .format,
  ]

  /// The blocks whose characters are wide or full-width by Unicode's annex 11.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
    0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
    0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD,
  ]
}
