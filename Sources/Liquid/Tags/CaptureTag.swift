/// `capture name`.
extension TemplateParser {
  mutating func capture(_ tag: EndTag) throws(Fault) -> Statement {
    let name = try read(tag.markup) { (markup) throws(Fault) in
      let name = try markup.name()
      try markup.consume(.end)
      return name
    } lax: { (markup) throws(Fault) in
      var scan = markup
      while !scan.range.isEmpty {
        if let found = scan.takeRun({ $0.isNamePart || $0 == 0x2E || $0 == 0x5B || $0 == 0x5D }) {
          return source.string(found)
        }
        scan.advance(to: scan.range.lowerBound + 1)
      }
      throw Fault(
        .syntax,
        "Syntax Error in 'capture' - Valid syntax: capture [var]",
        at: tag.offset
      )
    }
    assigned.insert(name)
    let (body, _) = try block(tag)
    return Statement(kind: .capture(name, body), offset: tag.offset, isBlank: true)
  }
}
