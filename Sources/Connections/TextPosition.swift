internal import Settings

/// Finds line and column of a place in a text.
enum TextPosition {
  /// The place `offset` characters into `text`.
  static func location(of offset: Int, in text: String, file: String) -> SourceLocation {
    var line = 1
    var column = 1
    for scalar in text.unicodeScalars.prefix(offset) {
      if scalar == "\n" {
        line += 1
        column = 1
      } else {
        column += 1
      }
    }
    return SourceLocation(file: file, line: line, column: column)
  }

  /// The place `offset` bytes into `text`.
  static func location(ofByte offset: Int, in text: String, file: String) -> SourceLocation {
    let front = String(decoding: text.utf8.prefix(offset), as: UTF8.self)
    return location(of: front.unicodeScalars.count, in: text, file: file)
  }
}
