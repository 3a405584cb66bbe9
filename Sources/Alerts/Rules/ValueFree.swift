/// Takes out of a text what may come from a row.
enum ValueFree {
  /// `text` with what is in quotes replaced by an ellipsis.
  ///
  /// Reasons quote names and values alike: nobody can tell them apart afterwards. An apostrophe
  /// inside a word opens nothing.
  static func text(_ text: String) -> String {
    var result = ""
    var quote: Character?
    var isAtStart = true
    for character in text {
      if let open = quote {
        if character == open {
          result += "…\(open)"
          quote = nil
        }
        continue
      }
      result.append(character)
      if isAtStart, "'\"`".contains(character) { quote = character }
      isAtStart = character.isWhitespace || "([{:=,;".contains(character)
    }
    return quote == nil ? result : result + "…"
  }
}
