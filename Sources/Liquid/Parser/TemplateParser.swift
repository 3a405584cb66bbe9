import Spelling

/// Reads a template into statements.
///
/// Each tag's own grammar is in its file under `Tags`.
struct TemplateParser {
  /// A tag that ends a body: its name and what stands behind it.
  struct EndTag {
    var name: String
    var markup: Range<Int>
    var offset: Int
  }

  static let depthMax = 100

  let source: SourceText
  let options: TemplateOptions
  var tokenizer: Tokenizer
  /// Whether the last mark ended in `-`, so that white space behind it goes.
  var trims = false
  var depth = 0
  /// The variables that this template sets somewhere.
  var assigned: Set<String> = []
  /// The partials that it names in so many words, whether rendered apart, and where.
  var partials: [(name: String, isIsolated: Bool, offset: Int)] = []
  /// What is wrong where reading could continue, in strict mode.
  var faults: [Fault] = []

  init(_ source: SourceText, options: TemplateOptions) {
    self.source = source
    self.options = options
    tokenizer = Tokenizer(source)
  }

  mutating func parse() throws(Fault) -> [Statement] {
    let (statements, end) = try body(until: [])
    if let end { throw unknown(end) }
    return statements
  }

  /// Reads up to a tag in `ends`, or to the end of the source.
  mutating func body(until ends: [String]) throws(Fault) -> ([Statement], EndTag?) {
    depth += 1
    defer { depth -= 1 }
    guard depth <= TemplateParser.depthMax else { throw Fault(.limit, "Nesting too deep") }
    var statements: [Statement] = []
    while let token = tokenizer.next() {
      switch token.kind {
      case .text: appendText(token.range, to: &statements)
      case .output: try appendOutput(token.range, to: &statements)
      case .tag, .line:
        guard let tag = try tag(token, after: &statements) else { continue }
        if ends.contains(tag.name) { return (statements, tag) }
        try append(tag, to: &statements)
      }
    }
    return (statements, nil)
  }

  /// Reads the body of the block `tag` up to its end, which must come.
  mutating func block(
    _ tag: EndTag,
    until others: [String] = []
  ) throws(Fault) -> (
    [Statement], EndTag
  ) {
    let (statements, end) = try body(until: others + ["end" + tag.name])
    guard let end else {
      throw Fault(.syntax, "'\(tag.name)' tag was never closed", at: tag.offset)
    }
    return (statements, end)
  }

  private mutating func appendText(_ range: Range<Int>, to statements: inout [Statement]) {
    var start = range.lowerBound
    if trims {
      while start < range.upperBound, source.bytes[start].isStripped { start += 1 }
    }
    trims = false
    let range = start..<range.upperBound
    let isBlank = source.bytes[range].allSatisfy(\.isSpace)
    statements.append(Statement(kind: .text(range), offset: start, isBlank: isBlank))
  }

  private mutating func appendOutput(
    _ range: Range<Int>,
    to statements: inout [Statement]
  ) throws(Fault) {
    trimBefore(range, &statements)
    let bytes = source.bytes[range]
    guard range.count >= 4, bytes.suffix(2).allSatisfy({ $0 == UInt8(ascii: "}") }) else {
      throw Fault(
        .syntax,
        "Variable '{{' was not properly terminated with '}}'",
        at: range.lowerBound
      )
    }
    let inner = inside(range)
    let value = try recovering(at: range.lowerBound) { parser throws(Fault) in
      try parser.filtered(inner)
    } otherwise: {
      FilteredExpression(base: .null, offset: range.lowerBound)
    }
    statements.append(
      Statement(kind: .output(value), offset: range.lowerBound, isBlank: false)
    )
  }

  /// What is between the marks, without the dashes.
  func inside(_ range: Range<Int>) -> Range<Int> {
    var start = range.lowerBound + 2
    var end = range.upperBound - 2
    if start < end, source.bytes[start] == UInt8(ascii: "-") { start += 1 }
    if start < end, source.bytes[end - 1] == UInt8(ascii: "-") { end -= 1 }
    return start..<max(start, end)
  }

  /// Takes white space off the text before a mark that begins with a dash.
  mutating func trimBefore(_ range: Range<Int>, _ statements: inout [Statement]) {
    if range.count > 2, source.bytes[range.lowerBound + 2] == UInt8(ascii: "-"),
      let last = statements.last, case .text(let text) = last.kind
    {
      var end = text.upperBound
      while end > text.lowerBound, source.bytes[end - 1].isStripped { end -= 1 }
      statements[statements.count - 1].kind = .text(text.lowerBound..<end)
      statements[statements.count - 1].isBlank =
        last.isBlank || source.bytes[text.lowerBound..<end].allSatisfy(\.isSpace)
    }
    trimAfter(range)
  }

  /// Remembers whether a mark ends in a dash.
  mutating func trimAfter(_ range: Range<Int>) {
    trims = range.count >= 4 && source.bytes[range.upperBound - 3] == UInt8(ascii: "-")
  }

  /// A tag's name and markup; nil for an empty line.
  private mutating func tag(
    _ token: Token,
    after statements: inout [Statement]
  ) throws(Fault) -> EndTag? {
    if token.kind == .line {
      let range = source.trimmed(token.range)
      return range.isEmpty ? nil : try named(range)
    }
    trimBefore(token.range, &statements)
    guard token.range.count >= 4, source.bytes[token.range].suffix(2) == [0x25, 0x7D] else {
      throw Fault(
        .syntax,
        "Tag '{%' was not properly terminated with '%}'",
        at: token.range.lowerBound
      )
    }
    return try named(inside(token.range))
  }

  private func named(_ range: Range<Int>) throws(Fault) -> EndTag {
    guard let tag = tagName(range) else {
      throw Fault(
        .syntax,
        "a tag needs a name",
        at: source.trimmed(range).lowerBound
      )
    }
    return tag
  }

  /// The word or `#` that begins `range`, and what stands behind it.
  func tagName(_ range: Range<Int>) -> EndTag? {
    var start = range.lowerBound
    while start < range.upperBound, source.bytes[start].isSpace { start += 1 }
    var end = start
    if end < range.upperBound, source.bytes[end] == UInt8(ascii: "#") {
      end += 1
    } else {
      while end < range.upperBound, source.bytes[end].isWord { end += 1 }
    }
    guard end > start else { return nil }
    let name = source.string(start..<end)
    var markup = end
    while markup < range.upperBound, source.bytes[markup].isSpace { markup += 1 }
    return EndTag(name: name, markup: markup..<range.upperBound, offset: start)
  }

  /// What `read` reads; in strict mode a fault is noted, and `other` stands for it.
  mutating func recovering<Result>(
    at offset: Int,
    _ read: (inout TemplateParser) throws(Fault) -> Result,
    otherwise other: () -> Result
  ) throws(Fault) -> Result {
    do throws(Fault) {
      return try read(&self)
    } catch {
      guard options.syntax == .strict else { throw error }
      var fault = error
      fault.offset = fault.offset ?? offset
      faults.append(fault)
      return other()
    }
  }

  func unknown(_ tag: EndTag) -> Fault {
    let hint = Spelling.hint(for: tag.name, among: TemplateParser.tagNames)
    return Fault(.unknownTag, "Unknown tag '\(tag.name)'", at: tag.offset, hint: hint)
  }
}

extension TemplateParser {
  /// Reads strictly, and where that fails and the options allow it, as well as it can be read.
  func read<Result>(
    _ range: Range<Int>,
    strict: (inout MarkupParser) throws(Fault) -> Result,
    lax: (LaxMarkup) throws(Fault) -> Result
  ) throws(Fault) -> Result {
    if options.syntax == .lax { return try lax(LaxMarkup(source, range)) }
    var markup = try MarkupParser(source, range)
    return try strict(&markup)
  }

  /// Reads a value with filters.
  ///
  /// Lax mode takes the strict reading where there is one, for values alone.
  func filtered(_ range: Range<Int>) throws(Fault) -> FilteredExpression {
    do throws(Fault) {
      var markup = try MarkupParser(source, range)
      return try markup.filtered()
    } catch {
      guard options.syntax == .lax else { throw error }
      var markup = LaxMarkup(source, range)
      return markup.filtered()
    }
  }

  /// What `fragment` amounts to in lax mode.
  func lax(_ fragment: Range<Int>) -> Expression { LaxMarkup.expression(source, fragment) }

  /// A block of nothing but blank statements writes no white space.
  func withoutBlanks(_ statements: [Statement]) -> [Statement] {
    statements.filter { statement in
      if case .text = statement.kind { return !statement.isBlank }
      return true
    }
  }
}
