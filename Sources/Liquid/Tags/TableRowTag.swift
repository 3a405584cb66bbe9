/// `tablerow … in`.
extension TemplateParser {
  mutating func tableRow(_ tag: EndTag) throws(Fault) -> Statement {
    var result = try read(tag.markup) { (markup) throws(Fault) in
      let variable = try markup.name()
      guard markup.take(word: "in") else { throw markup.unexpected("`in` is expected") }
      var result = TableRowTag(variable: variable, collection: try markup.expression())
      _ = markup.take(.comma)
      for attribute in try markup.attributes() {
        try set(attribute.name, value: attribute.value, result: &result, tag: tag)
      }
      return result
    } lax: { (markup) throws(Fault) in
      try laxTableRow(markup, tag)
    }
    assigned.insert(result.variable)
    (result.body, _) = try block(tag)
    return Statement(
      kind: .tableRow(result),
      offset: tag.offset,
      isBlank: result.body.allSatisfy(\.isBlank)
    )
  }

  private func set(
    _ name: String,
    value: Expression,
    result: inout TableRowTag,
    tag: EndTag
  ) throws(Fault) {
    switch name {
    case "cols": result.columns = value
    case "limit": result.limit = value
    case "offset": result.offset = value
    // Liquid accepts it and does nothing with it.
    case "range": break
    default:
      throw Fault(
        .syntax,
        "`\(name)` is none of cols, limit, offset and range",
        at: tag.offset
      )
    }
  }

  private func laxTableRow(_ markup: LaxMarkup, _ tag: EndTag) throws(Fault) -> TableRowTag {
    var scan = markup
    while !scan.range.isEmpty {
      var attempt = scan
      if let variable = attempt.takeRun({ $0.isWord }) {
        scan.advance(to: attempt.range.lowerBound)
        attempt.skipSpace()
        if attempt.take("in") {
          attempt.skipSpace()
          if let collection = attempt.takeFragmentHere() {
            var result = TableRowTag(
              variable: source.string(variable),
              collection: lax(collection)
            )
            for attribute in markup.attributes() where attribute.name != "range" {
              try? set(attribute.name, value: lax(attribute.value), result: &result, tag: tag)
            }
            return result
          }
        }
      } else {
        scan.advance(to: scan.range.lowerBound + 1)
      }
    }
    throw Fault(
      .syntax,
      "Syntax Error in 'table_row loop' - Valid syntax: table_row [item] in [collection] cols=3",
      at: tag.offset
    )
  }
}
