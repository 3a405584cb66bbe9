import Values

/// Reads expressions, filters and conditions by the strict grammar.
struct MarkupParser {
  let source: SourceText
  private let lexemes: [Lexeme]
  private var index = 0
  private var depth = 0
  private static let depthMax = 100

  init(_ source: SourceText, _ range: Range<Int>) throws(Fault) {
    self.source = source
    lexemes = try Lexer.lexemes(source, range)
  }

  var current: Lexeme { lexemes[min(index, lexemes.count - 1)] }

  func looks(at kind: Lexeme.Kind, ahead: Int = 0) -> Bool {
    index + ahead < lexemes.count && lexemes[index + ahead].kind == kind
  }

  func text(_ lexeme: Lexeme) -> String { source.string(lexeme.range) }

  @discardableResult
  mutating func consume(_ kind: Lexeme.Kind) throws(Fault) -> Lexeme {
    let lexeme = current
    guard lexeme.kind == kind else { throw unexpected("\(kind.words) is expected") }
    index += 1
    return lexeme
  }

  mutating func take(_ kind: Lexeme.Kind) -> Bool {
    guard looks(at: kind) else { return false }
    index += 1
    return true
  }

  /// Takes the name `word` if that comes next.
  mutating func take(word: String) -> Bool {
    guard looks(at: .name), text(current) == word else { return false }
    index += 1
    return true
  }

  mutating func name() throws(Fault) -> String {
    text(try consume(.name))
  }

  func unexpected(_ wanted: String) -> Fault {
    let lexeme = current
    let found = lexeme.kind == .end ? "the tag ends" : "`\(text(lexeme))` stands there"
    return Fault(.syntax, "\(wanted), but \(found)", at: lexeme.range.lowerBound)
  }

  mutating func expression() throws(Fault) -> Expression {
    depth += 1
    defer { depth -= 1 }
    guard depth < MarkupParser.depthMax else {
      throw Fault(.limit, "an expression nests too deep", at: current.range.lowerBound)
    }
    let lexeme = current
    switch lexeme.kind {
    case .name:
      index += 1
      let word = text(lexeme)
      if !looks(at: .dot), !looks(at: .openSquare), let literal = Literal.word(word) {
        return literal
      }
      let segments = try segments()
      return .lookup(
        Lookup(name: .plain(word), segments: segments, offset: lexeme.range.lowerBound)
      )
    case .string:
      index += 1
      return .literal(
        .string(source.string(lexeme.range.lowerBound + 1..<lexeme.range.upperBound - 1))
      )
    case .number:
      index += 1
      return Literal.number(text(lexeme)) ?? .null
    case .openRound:
      return try range()
    case .openSquare:
      throw Fault(
        .syntax,
        "square brackets need a variable before them",
        at: lexeme.range.lowerBound,
        hint: "write self['…'] for a variable by name"
      )
    default:
      throw unexpected("a value is expected")
    }
  }

  private mutating func range() throws(Fault) -> Expression {
    try consume(.openRound)
    let first = try expression()
    try consume(.dotDot)
    let last = try expression()
    try consume(.closeRound)
    return .range(first, last)
  }

  private mutating func segments() throws(Fault) -> [Lookup.Segment] {
    var segments: [Lookup.Segment] = []
    while true {
      if take(.openSquare) {
        segments.append(.index(try expression()))
        try consume(.closeSquare)
      } else if take(.dot) {
        segments.append(.member(try name()))
      } else {
        return segments
      }
    }
  }

  /// An expression with filters, up to the end of the markup; nil if there is nothing.
  mutating func filtered() throws(Fault) -> FilteredExpression {
    let start = current.range.lowerBound
    guard !looks(at: .end) else { return FilteredExpression(base: .null, offset: start) }
    var result = FilteredExpression(base: try expression(), offset: start)
    while take(.pipe) { result.filters.append(try filter()) }
    try consume(.end)
    return result
  }

  private mutating func filter() throws(Fault) -> FilterCall {
    let lexeme = try consume(.name)
    var call = FilterCall(name: text(lexeme), offset: lexeme.range.lowerBound)
    guard take(.colon), !endsArguments else { return call }
    repeat {
      if looks(at: .name), looks(at: .colon, ahead: 1) {
        let key = try name()
        try consume(.colon)
        call.keywords.append((key, try expression()))
      } else {
        call.arguments.append(try expression())
      }
    } while take(.comma) && !endsArguments
    return call
  }

  private var endsArguments: Bool { looks(at: .pipe) || looks(at: .end) }

  /// Comparisons joined by `and` and `or`, which bind from the right, up to the end.
  mutating func condition() throws(Fault) -> Condition {
    let condition = try joined()
    try consume(.end)
    return condition
  }

  private mutating func joined() throws(Fault) -> Condition {
    var parts = [try comparison()]
    var operators: [Bool] = []
    while true {
      if take(word: "and") {
        operators.append(true)
      } else if take(word: "or") {
        operators.append(false)
      } else {
        break
      }
      parts.append(try comparison())
    }
    guard parts.count <= 1000 else { throw Fault(.limit, "a condition has too many parts") }
    var result = parts.removeLast()
    while let isAnd = operators.popLast(), let part = parts.popLast() {
      result = isAnd ? .and(part, result) : .or(part, result)
    }
    return result
  }

  private mutating func comparison() throws(Fault) -> Condition {
    let left = try expression()
    guard looks(at: .comparison) else { return .truth(left) }
    let lexeme = try consume(.comparison)
    let right = try expression()
    guard let comparison = Comparison(rawValue: text(lexeme)) else {
      throw Fault(.syntax, "an unknown comparison", at: lexeme.range.lowerBound)
    }
    return .comparison(comparison, left, right)
  }

  /// `key: value` pairs, each with an optional comma behind it, up to the end.
  mutating func attributes() throws(Fault) -> [(name: String, value: Expression)] {
    var attributes: [(name: String, value: Expression)] = []
    while looks(at: .name) {
      let key = try name()
      try consume(.colon)
      attributes.append((key, try expression()))
      _ = take(.comma)
    }
    try consume(.end)
    return attributes
  }
}
