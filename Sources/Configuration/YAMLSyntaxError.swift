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
    let place = min(index, source.scalars.count)
    let scalar = place < source.scalars.count ? source.scalars[place] : nil
    let explanation = Self.explain(
      problem,
      scalar,
      isAlias: context?.text.contains("alias") == true
    )
    var related: [Diagnostic.Related] = []
    if let context, source.location(at: context.index).line != source.location(at: place).line {
      related = [.init(location: source.location(at: context.index), message: context.text)]
    }
    source.error(
      at: place..<place,
      "invalid YAML: \(explanation.message)",
      hint: explanation.hint,
      related: related
    )
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
    case "found a tab character that violates indentation":
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
      ("the file ends before the closing quote", nil)
    case "found undefined alias":
      ("no anchor of this name stands above", "put a text that begins with '*' in quotes")
    default:
      (problem, nil)
    }
  }
}
