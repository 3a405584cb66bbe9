/// `assign name = value | filters`.
extension TemplateParser {
  mutating func assign(_ tag: EndTag) throws(Fault) -> Statement {
    let fault = Fault(
      .syntax,
      "Syntax Error in 'assign' - Valid syntax: assign [var] = [source]",
      at: tag.offset
    )
    guard let sign = source.bytes[tag.markup].firstIndex(of: UInt8(ascii: "=")) else { throw fault }
    let left = source.trimmed(tag.markup.lowerBound..<sign)
    var start = left.upperBound
    while start > left.lowerBound, isNamePart(source.bytes[start - 1]) { start -= 1 }
    guard start < left.upperBound else { throw fault }
    let name = start..<left.upperBound
    if options.syntax == .strict {
      var markup = try MarkupParser(source, left)
      try markup.consume(.name)
      while markup.take(.dot) { try markup.consume(.name) }
      try markup.consume(.end)
    }
    let value = try filtered(sign + 1..<tag.markup.upperBound)
    assigned.insert(source.string(name))
    return Statement(
      kind: .assign(source.string(name), value),
      offset: tag.offset,
      isBlank: true
    )
  }

  private func isNamePart(_ byte: UInt8) -> Bool {
    byte.isNamePart || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "[")
      || byte == UInt8(ascii: "]")
  }
}
