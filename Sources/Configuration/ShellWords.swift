/// Splits a command as a POSIX shell splits words: blanks, quotes and backslashes; nothing is
/// expanded.
struct ShellWords {
  private let scalars: [Unicode.Scalar]
  private var index: Int

  /// Why text is not a list of words.
  enum Failure: Error {
    case openQuote
    case nothing
  }

  /// The words of all of `text`.
  static func split(_ text: Substring) -> Result<[String], Failure> {
    var reader = ShellWords(scalars: Array(text.unicodeScalars), index: 0)
    return reader.words()
  }

  /// How many scalars stand before the first `}` outside of quotes; nil if there is none.
  static func length(_ scalars: some Sequence<Unicode.Scalar>) -> Int? {
    var quote: Unicode.Scalar?
    var isEscaped = false
    for (index, scalar) in scalars.enumerated() {
      if isEscaped {
        isEscaped = false
      } else if scalar == "\\", quote != "'" {
        isEscaped = true
      } else if let open = quote {
        if scalar == open { quote = nil }
      } else if scalar == "'" || scalar == "\"" {
        quote = scalar
      } else if scalar == "}" {
        return index
      }
    }
    return nil
  }

  private mutating func words() -> Result<[String], Failure> {
    var words: [String] = []
    while let scalar = next {
      if scalar.properties.isWhitespace {
        index += 1
      } else if let word = word() {
        words.append(word)
      } else {
        return .failure(.openQuote)
      }
    }
    return words.isEmpty || words[0].isEmpty ? .failure(.nothing) : .success(words)
  }

  private var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

  /// One word; nil if a quote in it is not closed.
  private mutating func word() -> String? {
    var word = String.UnicodeScalarView()
    while let scalar = next, !scalar.properties.isWhitespace {
      index += 1
      switch scalar {
      case "'", "\"": guard quoted(by: scalar, into: &word) else { return nil }
      case "\\": if let escaped = take() { word.append(escaped) }
      default: word.append(scalar)
      }
    }
    return String(word)
  }

  private mutating func quoted(
    by quote: Unicode.Scalar,
    into word: inout String.UnicodeScalarView
  ) -> Bool {
    while let scalar = take() {
      if scalar == quote { return true }
      guard scalar == "\\", quote == "\"", let escaped = next else {
        word.append(scalar)
        continue
      }
      // In double quotes a backslash is one, except before these.
      if ["\"", "\\", "$", "`"].contains(escaped) {
        index += 1
        word.append(escaped)
      } else {
        word.append(scalar)
      }
    }
    return false
  }

  private mutating func take() -> Unicode.Scalar? {
    guard let scalar = next else { return nil }
    index += 1
    return scalar
  }
}
