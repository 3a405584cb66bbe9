/// Breaks lines between words where a terminal would break them anywhere.
enum TextWrap {
  /// How much further a line goes in that continues another.
  private static let step = 2
  /// Narrower terminals get lines as they are: nothing fits.
  private static let widthMin = 20

  /// `lines`, each in as many lines as it needs for `width` columns; as they are if that is nil.
  ///
  /// Between backticks nothing is broken that fits into a line: it is there to be copied.
  static func lines(_ lines: [String], width: Int?) -> [String] {
    guard let width, width >= widthMin else { return lines }
    return lines.flatMap { wrapped($0, width: width) }
  }

  private static func wrapped(_ line: String, width: Int) -> [String] {
    if line.shownColumns <= width { return [line] }
    let indent = line.prefix { $0 == " " }
    let further = String(repeating: " ", count: indent.count + step)
    var lines: [String] = []
    var current = String(indent)
    var isEmpty = true
    for word in words(of: line.dropFirst(indent.count), width: width - further.count) {
      if !isEmpty, current.shownColumns + 1 + word.shownColumns > width {
        lines.append(current)
        (current, isEmpty) = (further, true)
      }
      current += isEmpty ? word : " " + word
      isEmpty = false
    }
    return lines + [current]
  }

  /// The words of `text`; what stands between backticks is one if it takes at most `width` columns.
  private static func words(of text: Substring, width: Int) -> [String] {
    var words: [String] = []
    var open: String?
    for part in text.split(separator: " ", omittingEmptySubsequences: false).map(String.init) {
      let word = open.map { "\($0) \(part)" } ?? part
      let isOpen = word.count { $0 == "`" } % 2 == 1
      if isOpen, word.shownColumns < width {
        open = word
      } else if isOpen, open != nil {
        words += word.split(separator: " ").map(String.init)
        open = nil
      } else {
        words.append(word)
        open = nil
      }
    }
    return words + (open.map { $0.split(separator: " ").map(String.init) } ?? [])
  }
}

extension String {
  /// How many columns of a terminal it takes, without the codes of colours in it.
  fileprivate var shownColumns: Int {
    guard contains("\u{1B}") else { return columns }
    var shown = ""
    var isCode = false
    for character in self {
      if character == "\u{1B}" { isCode = true }
      if !isCode { shown.append(character) }
      if isCode, character == "m" { isCode = false }
    }
    return shown.columns
  }
}
