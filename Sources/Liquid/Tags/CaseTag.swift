/// `case`, `when`, `else`.
extension TemplateParser {
  mutating func cases(_ tag: EndTag) throws(Fault) -> Statement {
    let subject = try read(tag.markup) { (markup) throws(Fault) in
      let subject = try markup.expression()
      try markup.consume(.end)
      return subject
    } lax: { (markup) throws(Fault) in
      var markup = markup
      guard let fragment = markup.takeFragment() else {
        throw Fault(
          .syntax,
          "Syntax Error in 'case' - Valid syntax: case [condition]",
          at: tag.offset
        )
      }
      return lax(fragment)
    }
    var result = CaseTag(subject: subject)
    var (body, end) = try block(tag, until: ["when", "else"])
    var isBlank = body.allSatisfy(\.isBlank)
    while end.name != "endcase" {
      let values = end.name == "when" ? try whenValues(end) : nil
      if end.name == "else", !source.trimmed(end.markup).isEmpty {
        throw Fault(
          .syntax,
          "Syntax Error in tag 'case' - Valid else condition: {% else %} (no parameters)",
          at: end.offset
        )
      }
      (body, end) = try block(tag, until: ["when", "else"])
      isBlank = isBlank && body.allSatisfy(\.isBlank)
      result.whens.append(CaseTag.When(values: values, body: body))
    }
    if isBlank {
      for index in result.whens.indices {
        result.whens[index].body = withoutBlanks(result.whens[index].body)
      }
    }
    return Statement(kind: .cases(result), offset: tag.offset, isBlank: isBlank)
  }

  private func whenValues(_ tag: EndTag) throws(Fault) -> [Expression] {
    try read(tag.markup) { (markup) throws(Fault) in
      var values = [try markup.expression()]
      while markup.take(word: "or") || markup.take(.comma) {
        values.append(try markup.expression())
      }
      try markup.consume(.end)
      return values
    } lax: { (markup) throws(Fault) in
      var markup = markup
      guard let first = markup.takeFragment() else {
        throw Fault(
          .syntax,
          "Syntax Error in tag 'case' - Valid when condition: "
            + "{% when [condition] [or condition2...] %}",
          at: tag.offset
        )
      }
      var values = [lax(first)]
      while let next = laxNext(&markup) { values.append(lax(next)) }
      return values
    }
  }

  private func laxNext(_ markup: inout LaxMarkup) -> Range<Int>? {
    let start = markup.range.lowerBound
    markup.skipSpace()
    let hadSpace = markup.range.lowerBound > start
    if !markup.take(",") {
      guard hadSpace, markup.take("or"), let next = source.bytes[markup.range].first, next.isSpace
      else { return nil }
    }
    markup.skipSpace()
    return markup.takeFragmentHere()
  }
}
