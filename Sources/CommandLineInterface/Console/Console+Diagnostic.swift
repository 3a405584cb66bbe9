import Configuration
import Reports
import Settings
import Values

extension Diagnostic.Severity {
  var colour: String {
    switch self {
    case .error: "1;31"
    case .warning: "1;33"
    case .note: "1;36"
    }
  }
}

extension Diagnostic {
  /// What a program wants to know besides the message.
  var fields: [(name: String, value: Value)] {
    [("code", .optional(code)), ("hint", .optional(hint))]
      + SourceLocation.members(location).map { (name: $0.0, value: $0.1) }
  }

  /// ``details`` for a terminal of `width` columns: the file's line is cut on both sides of what is
  /// meant, so that the caret stays below it.
  func details(width: Int?) -> [String] {
    guard let width, let excerpt, let location else {
      return TextWrap.lines(details, width: width)
    }
    let number = String(location.line)
    let room = max(width - number.count - 5, 20)
    var (text, offset) = (excerpt.text, excerpt.caretOffset)
    var length = excerpt.caretLength
    if text.columns > room {
      // A third of the room stands before the place.
      let skipped = min(max(0, offset - room / 3), max(0, text.count - room + 1))
      if skipped > 0 {
        text = "…" + text.dropFirst(skipped + 1)
        offset -= skipped
      }
      text = text.truncated(to: room)
      length = max(1, min(length, text.count - offset))
    }
    let gutter = String(repeating: " ", count: number.count)
    let before = String(repeating: " ", count: String(text.prefix(offset)).columns)
    let tail = String(repeating: "~", count: max(0, length - 1))
    return ["  \(number) | \(text)", "  \(gutter) | \(before)^\(tail)"]
      + TextWrap.lines(Array(details.dropFirst(2)), width: width)
  }
}
