/// `doc`: documentation, of which nothing is rendered.
extension TemplateParser {
  mutating func documentation(_ tag: EndTag) throws(Fault) -> Statement {
    guard source.trimmed(tag.markup).isEmpty else {
      throw Fault(.syntax, "Syntax Error in 'doc' - Valid syntax: doc", at: tag.offset)
    }
    while let token = tokenizer.next() {
      if rawEnd(token, "doc") != nil {
        throw Fault(
          .syntax,
          "Syntax Error in 'doc' - Nested doc tags are not allowed",
          at: token.range.lowerBound
        )
      }
      if rawEnd(token, "enddoc") != nil {
        if token.kind != .line { trimAfter(token.range) }
        return Statement(kind: .nothing, offset: tag.offset, isBlank: true)
      }
    }
    throw Fault(.syntax, "'doc' tag was never closed", at: tag.offset)
  }
}
