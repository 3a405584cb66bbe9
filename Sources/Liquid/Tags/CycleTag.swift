/// `cycle 'a', 'b'` and `cycle name: 'a', 'b'`.
extension TemplateParser {
  func cycle(_ tag: EndTag) throws(Fault) -> Statement {
    var result = try read(tag.markup) { (markup) throws(Fault) in
      let first = try markup.expression()
      var result = CycleTag(key: "", values: [first])
      if markup.take(.colon) {
        result.name = first
        result.values = [try markup.expression()]
      }
      while markup.take(.comma), !markup.looks(at: .end) {
        result.values.append(try markup.expression())
      }
      try markup.consume(.end)
      return result
    } lax: { (markup) throws(Fault) in
      try laxCycle(markup, tag)
    }
    result.key = key(of: result, tag)
    return Statement(kind: .cycle(result), offset: tag.offset, isBlank: false)
  }

  /// Cycles of the same literals are one; with variables each stands alone.
  private func key(of cycle: CycleTag, _ tag: EndTag) -> String {
    guard cycle.values.allSatisfy(\.isLiteral) else { return "\(source.name)@\(tag.offset)" }
    return "\(cycle.values)"
  }

  private func laxCycle(_ markup: LaxMarkup, _ tag: EndTag) throws(Fault) -> CycleTag {
    var scan = markup
    guard let first = scan.takeFragmentHere() else {
      throw Fault(
        .syntax,
        "Syntax Error in 'cycle' - Valid syntax: cycle [name :] var [, var2, var3 ...]",
        at: tag.offset
      )
    }
    var name: Range<Int>?
    scan.skipSpace()
    var values = markup
    if source.bytes[first].last == UInt8(ascii: ":") {
      // The colon is part of the fragment where no space is before it.
      name = first.lowerBound..<first.upperBound - 1
      values = scan
    } else if scan.take(":") {
      name = first
      values = scan
    }
    var found: [Expression] = []
    for part in source.bytes[values.range].split(
      separator: UInt8(ascii: ","),
      omittingEmptySubsequences: true
    ) {
      var part = LaxMarkup(source, part.startIndex..<part.endIndex)
      if let fragment = part.takeFragment() { found.append(lax(fragment)) }
    }
    return CycleTag(name: name.map(lax), key: "", values: found)
  }
}
