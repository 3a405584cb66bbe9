/// `for … in`, `else`.
extension TemplateParser {
  mutating func loop(_ tag: EndTag) throws(Fault) -> Statement {
    var result = try read(tag.markup) { (markup) throws(Fault) in
      try strictLoop(&markup)
    } lax: { (markup) throws(Fault) in
      try laxLoop(markup, tag)
    }
    assigned.insert(result.variable)
    let (body, end) = try block(tag, until: ["else"])
    result.body = body
    if end.name == "else" {
      var (otherwise, last) = try block(tag, until: ["else"])
      // A second `else` starts the alternative again.
      while last.name == "else" { (otherwise, last) = try block(tag, until: ["else"]) }
      result.otherwise = otherwise
    }
    let isBlank = body.allSatisfy(\.isBlank) && result.otherwise.allSatisfy(\.isBlank)
    if isBlank {
      result.body = withoutBlanks(result.body)
      result.otherwise = withoutBlanks(result.otherwise)
    }
    return Statement(kind: .loop(result), offset: tag.offset, isBlank: isBlank)
  }

  private func strictLoop(_ markup: inout MarkupParser) throws(Fault) -> ForTag {
    let variable = try markup.name()
    guard markup.take(word: "in") else { throw markup.unexpected("`in` is expected") }
    let start = markup.current.range.lowerBound
    let collection = try markup.expression()
    let text = source.string(
      source.trimmed(start..<max(start, markup.current.range.lowerBound))
    )
    var result = ForTag(variable: variable, collection: collection, name: "\(variable)-\(text)")
    result.isReversed = markup.take(word: "reversed")
    while markup.looks(at: .comma) || markup.looks(at: .name) {
      _ = markup.take(.comma)
      if markup.take(word: "limit") {
        try markup.consume(.colon)
        result.limit = try markup.expression()
      } else if markup.take(word: "offset") {
        try markup.consume(.colon)
        if markup.looks(at: .name), markup.text(markup.current) == "continue" {
          result.continues = true
        }
        result.offset = try markup.expression()
      } else {
        throw markup.unexpected("`limit` or `offset` is expected")
      }
    }
    try markup.consume(.end)
    return result
  }

  private func laxLoop(_ markup: LaxMarkup, _ tag: EndTag) throws(Fault) -> ForTag {
    let fault = Fault(
      .syntax,
      "Syntax Error in 'for loop' - Valid syntax: for [item] in [collection]",
      at: tag.offset
    )
    var scan = markup
    guard let variable = scan.takeRun({ $0.isNamePart }) else { throw fault }
    scan.skipSpace()
    guard scan.take("in") else { throw fault }
    scan.skipSpace()
    guard let collection = scan.takeFragmentHere() else { throw fault }
    let name = source.string(variable)
    var result = ForTag(
      variable: name,
      collection: lax(collection),
      name: "\(name)-\(source.string(collection))"
    )
    scan.skipSpace()
    result.isReversed = scan.take("reversed")
    for attribute in markup.attributes() {
      if attribute.name == "limit" { result.limit = lax(attribute.value) }
      if attribute.name == "offset" {
        result.continues = source.string(attribute.value) == "continue"
        result.offset = lax(attribute.value)
      }
    }
    return result
  }
}
