/// `raw`: everything up to `endraw` as it stands.
extension TemplateParser {
  mutating func raw(_ tag: EndTag) throws(Fault) -> [Statement] {
    guard source.trimmed(tag.markup).isEmpty else {
      throw Fault(
        .syntax,
        "Syntax Error in 'raw' - Valid syntax: raw",
        at: tag.offset
      )
    }
    var statements: [Statement] = []
    func append(_ range: Range<Int>) {
      statements.append(Statement(kind: .text(range), offset: tag.offset, isBlank: range.isEmpty))
    }
    trims = false
    while let token = tokenizer.next() {
      if let end = rawEnd(token, "endraw") {
        append(token.range.lowerBound..<end)
        if token.kind != .line { trimAfter(token.range) }
        // Nothing may be trimmed off a raw body from behind.
        statements.append(Statement(kind: .nothing, offset: tag.offset, isBlank: true))
        return statements
      }
      append(token.range)
    }
    throw Fault(.syntax, "'raw' tag was never closed", at: tag.offset)
  }

  /// Where in `token` the tag `name` begins, which may stand behind anything else.
  func rawEnd(_ token: Token, _ name: String) -> Int? {
    if token.kind == .line {
      return tagName(source.trimmed(token.range))?.name == name ? token.range.lowerBound : nil
    }
    guard token.range.count >= 4, source.bytes[token.range].suffix(2) == [0x25, 0x7D] else {
      return nil
    }
    var start = token.range.upperBound - 4
    while start >= token.range.lowerBound {
      if source.bytes[start] == UInt8(ascii: "{"), source.bytes[start + 1] == UInt8(ascii: "%") {
        let found = tagName(inside(start..<token.range.upperBound))
        return found?.name == name ? start : nil
      }
      start -= 1
    }
    return nil
  }
}
