/// Lets `${NAME}` stand without quotes inside `{…}` and `[…]`.
///
/// There YAML takes braces, brackets and commas for its own. While libyaml reads, those of a
/// reference are replaced by private characters, one for one, so that positions stay.
enum ReferenceShield {
  private static let shields: [(plain: Unicode.Scalar, private: Unicode.Scalar)] = [
    ("{", "\u{F0000}"), ("}", "\u{F0001}"), ("[", "\u{F0002}"), ("]", "\u{F0003}"),
    (",", "\u{F0004}"),
  ]

  /// The text for libyaml; nil when nothing needs a shield.
  static func raise(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar]? {
    guard scalars.contains("$"), !scalars.contains(where: isPrivate) else { return nil }
    var result = scalars
    var index = 0
    while let range = nextReference(in: scalars, from: index) {
      for place in range {
        if let shield = shields.first(where: { $0.plain == scalars[place] }) {
          result[place] = shield.private
        }
      }
      index = range.upperBound
    }
    return result
  }

  /// A scalar's text as it was written.
  static func lower(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isPrivate) else { return text }
    return String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          shields.first { $0.private == scalar }?.plain ?? scalar
        }
      )
    )
  }

  private static func isPrivate(_ scalar: Unicode.Scalar) -> Bool {
    (0xF0000...0xF0004).contains(scalar.value)
  }

  /// From the `{` of the next `${` to the first `}` in its line.
  private static func nextReference(in scalars: [Unicode.Scalar], from start: Int) -> Range<Int>? {
    var index = start
    while index + 1 < scalars.count {
      if scalars[index] == "$", scalars[index + 1] == "{" {
        let rest = scalars[(index + 2)...].prefix { $0 != "\n" && $0 != "\r" }
        if rest.starts(with: Interpolation.commandMark.unicodeScalars) {
          // A command may hold quotes, and braces in them.
          if let length = ShellWords.length(rest) {
            return index + 1..<rest.startIndex + length + 1
          }
          index += 1
          continue
        }
        // A quote shows that the reference stands in quotes, or was never closed.
        let body = rest.prefix { $0 != "}" }
        if body.endIndex < rest.endIndex, !body.contains("'"), !body.contains("\"") {
          return index + 1..<body.endIndex + 1
        }
      }
      index += 1
    }
    return nil
  }
}
