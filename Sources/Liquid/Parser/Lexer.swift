/// A word or sign of the markup inside a tag or output.
struct Lexeme {
  enum Kind {
    case name
    case string
    case number
    case comparison
    case dotDot
    case dot
    case pipe
    case colon
    case comma
    case openSquare
    case closeSquare
    case openRound
    case closeRound
    case question
    case dash
    case end
  }

  var kind: Kind
  var range: Range<Int>
}

/// Cuts markup into words and signs; anything else is refused.
enum Lexer {
  static func lexemes(_ source: SourceText, _ range: Range<Int>) throws(Fault) -> [Lexeme] {
    var lexemes: [Lexeme] = []
    var position = range.lowerBound
    while true {
      while position < range.upperBound, source.bytes[position].isSpace { position += 1 }
      guard position < range.upperBound else { break }
      var lexeme = try next(source, position..<range.upperBound)
      // After a dot `contains` is a name like any other.
      if lexeme.kind == .name, lexemes.last?.kind != .dot,
        source.string(lexeme.range) == "contains"
      {
        lexeme.kind = .comparison
      }
      lexemes.append(lexeme)
      position = lexeme.range.upperBound
    }
    lexemes.append(Lexeme(kind: .end, range: range.upperBound..<range.upperBound))
    return lexemes
  }

  private static func next(_ source: SourceText, _ rest: Range<Int>) throws(Fault) -> Lexeme {
    let start = rest.lowerBound
    let bytes = source.bytes
    let byte = bytes[start]
    let following = start + 1 < rest.upperBound ? bytes[start + 1] : 0
    func sign(_ kind: Lexeme.Kind, _ length: Int) -> Lexeme {
      Lexeme(kind: kind, range: start..<start + length)
    }
    if byte.isLetter || byte == UInt8(ascii: "_") { return name(bytes, rest) }
    if byte.isDigit || (byte == UInt8(ascii: "-") && following.isDigit) {
      return number(bytes, rest)
    }
    switch (byte, following) {
    case (UInt8(ascii: "."), UInt8(ascii: ".")): return sign(.dotDot, 2)
    case (UInt8(ascii: "="), UInt8(ascii: "=")), (UInt8(ascii: "!"), UInt8(ascii: "=")),
      (UInt8(ascii: "<"), UInt8(ascii: "=")), (UInt8(ascii: ">"), UInt8(ascii: "=")),
      (UInt8(ascii: "<"), UInt8(ascii: ">")):
      return sign(.comparison, 2)
    case (UInt8(ascii: "<"), _), (UInt8(ascii: ">"), _): return sign(.comparison, 1)
    case (UInt8(ascii: "\""), _), (UInt8(ascii: "'"), _):
      if let close = bytes[(start + 1)..<rest.upperBound].firstIndex(of: byte) {
        return sign(.string, close + 1 - start)
      }
      throw Fault(.syntax, "a string is not closed", at: start)
    default: break
    }
    if let kind = signs[byte] { return sign(kind, 1) }
    throw Fault(.syntax, "unexpected character \(source.character(at: start))", at: start)
  }

  private static func name(_ bytes: [UInt8], _ rest: Range<Int>) -> Lexeme {
    var end = rest.lowerBound
    while end < rest.upperBound, bytes[end].isNamePart { end += 1 }
    if end < rest.upperBound, bytes[end] == UInt8(ascii: "?") { end += 1 }
    return Lexeme(kind: .name, range: rest.lowerBound..<end)
  }

  private static func number(_ bytes: [UInt8], _ rest: Range<Int>) -> Lexeme {
    var end = rest.lowerBound + 1
    while end < rest.upperBound, bytes[end].isDigit { end += 1 }
    if end + 1 < rest.upperBound, bytes[end] == UInt8(ascii: "."), bytes[end + 1].isDigit {
      end += 1
      while end < rest.upperBound, bytes[end].isDigit { end += 1 }
    }
    return Lexeme(kind: .number, range: rest.lowerBound..<end)
  }

  private static let signs: [UInt8: Lexeme.Kind] = [
    UInt8(ascii: "|"): .pipe, UInt8(ascii: "."): .dot, UInt8(ascii: ":"): .colon,
    UInt8(ascii: ","): .comma, UInt8(ascii: "["): .openSquare, UInt8(ascii: "]"): .closeSquare,
    UInt8(ascii: "("): .openRound, UInt8(ascii: ")"): .closeRound,
    UInt8(ascii: "?"): .question, UInt8(ascii: "-"): .dash,
  ]
}

extension Lexeme.Kind {
  var words: String {
    switch self {
    case .name: "a name"
    case .string: "a string"
    case .number: "a number"
    case .comparison: "a comparison"
    case .dotDot: "`..`"
    case .dot: "`.`"
    case .pipe: "`|`"
    case .colon: "`:`"
    case .comma: "a comma"
    case .openSquare: "`[`"
    case .closeSquare: "`]`"
    case .openRound: "`(`"
    case .closeRound: "`)`"
    case .question: "`?`"
    case .dash: "`-`"
    case .end: "the end"
    }
  }
}
