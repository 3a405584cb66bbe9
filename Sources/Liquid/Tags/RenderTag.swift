/// `render 'name'`: a partial that sees only what it is given.
extension TemplateParser {
  mutating func render(_ tag: EndTag) throws(Fault) -> Statement {
    let result = try read(tag.markup) { (markup) throws(Fault) in
      let name = try markup.consume(.string)
      var result = RenderTag(
        template: source.string(name.range.lowerBound + 1..<name.range.upperBound - 1)
      )
      result.isLoop = markup.take(word: "for")
      if result.isLoop || markup.take(word: "with") { result.variable = try markup.expression() }
      if markup.take(word: "as") { result.alias = try markup.name() }
      _ = markup.take(.comma)
      result.arguments = try markup.attributes()
      return result
    } lax: { (markup) throws(Fault) in
      try laxRender(markup, tag)
    }
    partials.append((result.template, true, tag.offset))
    return Statement(kind: .render(result), offset: tag.offset, isBlank: false)
  }

  private func laxRender(_ markup: LaxMarkup, _ tag: EndTag) throws(Fault) -> RenderTag {
    var scan = markup
    var name: Range<Int>?
    while name == nil, let fragment = scan.takeFragment() {
      let first = source.bytes[fragment.lowerBound]
      if first == UInt8(ascii: "'") || first == UInt8(ascii: "\"") { name = fragment }
    }
    guard let name else {
      throw Fault(
        .syntax,
        "Syntax error in tag 'render' - Template name must be a quoted string",
        at: tag.offset
      )
    }
    var result = RenderTag(template: source.string(name.lowerBound + 1..<name.upperBound - 1))
    let rest = laxWith(&scan)
    result.variable = rest.variable
    result.isLoop = rest.isLoop
    result.alias = rest.alias
    result.arguments = markup.attributes().map { ($0.name, lax($0.value)) }
    return result
  }

  /// `with value`, `for value` and `as name` behind a partial's name.
  func laxWith(
    _ scan: inout LaxMarkup
  ) -> (variable: Expression?, isLoop: Bool, alias: String?) {
    var variable: Expression?
    var alias: String?
    scan.skipSpace()
    let isLoop = scan.take("for ")
    if isLoop || scan.take("with ") {
      scan.skipSpace()
      variable = scan.takeFragmentHere().map(lax)
      scan.skipSpace()
    }
    if scan.take("as ") {
      scan.skipSpace()
      alias = scan.takeRun { $0.isNamePart }.map(source.string)
    }
    return (variable, isLoop, alias)
  }
}
