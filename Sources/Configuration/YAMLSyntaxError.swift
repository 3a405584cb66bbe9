import CYAML
import Settings

/// What libyaml says of text that is not YAML, in words that help.
struct YAMLSyntaxError {
  private let problem: String
  private let index: Int
  private let context: (text: String, index: Int)?

  init(_ parser: yaml_parser_t) {
    problem = parser.problem.map { String(cString: $0) } ?? "out of memory"
    // The reader, which sees bytes, has no marks: it stopped where the text was read up to.
    index = Int(parser.error == YAML_READER_ERROR ? parser.mark.index : parser.problem_mark.index)
    context = parser.context.map { (String(cString: $0), Int(parser.context_mark.index)) }
  }

  func report(in source: SourceText) {
    let place = place(in: source)
    let scalar = place < source.scalars.count ? source.scalars[place] : nil
    let explanation = Self.explain(
      problem,
      scalar,
      isAlias: context?.text.contains("alias") == true
    )
    source.error(
      at: place..<place,
      "invalid YAML: \(explanation.message)",
      hint: explanation.hint,
      kind: .syntax
    )
  }

  /// Where to point: what was never closed is better seen where it was opened.
  private func place(in source: SourceText) -> Int {
    let end = source.scalars.count
    if problem == "control characters are not allowed" {
      return source.scalars.firstIndex { !Self.isAllowed($0) } ?? min(index, end)
    }
    guard let context else { return min(index, end) }
    let isElsewhere =
      source.location(at: context.index).line != source.location(at: min(index, end)).line
    return isElsewhere && Self.unclosed.contains(problem)
      ? min(context.index, end) : min(index, end)
  }

  private static let unclosed: Set<String> = [
    "could not find expected ':'", "did not find expected ',' or ']'",
    "did not find expected ',' or '}'", "found unexpected end of stream",
  ]

  /// What YAML 1.2.2 lets stand in a file, section 5.1.
  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD,
      0x10000...0x10FFFF:
      true
    default: false
    }
  }

  private static func explain(
    _ problem: String,
    _ scalar: Unicode.Scalar?,
    isAlias: Bool
  ) -> (message: String, hint: String?) {
    switch problem {
    case "found character that cannot start any token" where scalar == "\t":
      ("a tab cannot indent", "use spaces")
    case "found character that cannot start any token":
      ("a plain text cannot begin with this character", "put the text in quotes")
    case "found a tab character that violates indentation",
      "found a tab character where an indentation space is expected":
      ("a tab cannot indent", "use spaces")
    case "mapping values are not allowed in this context":
      (
        "a ':' is not expected here",
        "put a text that contains ': ' in quotes, or check the indentation"
      )
    case "could not find expected ':'":
      ("a ':' is missing after this key", "write 'key: value'")
    case "did not find expected key", "did not find expected '-' indicator":
      ("this does not fit the lines above", "check the indentation and the quotes")
    case "did not find expected alphabetic or numeric character" where isAlias:
      ("a plain text cannot begin with '*'", "put the text in quotes")
    case "control characters are not allowed":
      ("a control character is not allowed", "remove it, or write it as an escape in double quotes")
    case "did not find expected ',' or ']'":
      ("a ',' or the closing ']' of the list is missing", nil)
    case "did not find expected ',' or '}'":
      ("a ',' or the closing '}' of the map is missing", nil)
    case "found unexpected end of stream":
      ("the closing quote of this text is missing", nil)
    case "found unknown escape character":
      ("YAML does not know this escape", "write \\\\ for a backslash, or use single quotes")
    case "did not find expected node content":
      ("a value is missing here", nil)
    case "found undefined alias":
      ("no anchor of this name stands above", "put a text that begins with '*' in quotes")
    default:
      (problem, nil)
    }
  }
}
