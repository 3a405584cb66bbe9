/// `liquid`: a tag a line, without marks.
extension TemplateParser {
  mutating func liquid(_ tag: EndTag) throws(Fault) -> [Statement] {
    let outer = tokenizer
    let outerTrims = trims
    tokenizer = Tokenizer(source, linesOf: tag.markup)
    let (statements, _) = try body(until: [])
    tokenizer = outer
    trims = outerTrims
    return statements
  }
}
