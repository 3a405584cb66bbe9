/// `comment` and `#`.
extension TemplateParser {
  /// Skips to the matching `endcomment`; only comments and raw blocks inside must be closed.
  mutating func comment(_ tag: EndTag) throws(Fault) -> Statement {
    var open = 1
    while let token = tokenizer.next() {
      guard let inner = tagInside(token) else { continue }
      switch inner.name {
      case "raw": try skipRaw(inner)
      case "comment": open += 1
      case "endcomment": open -= 1
      default: break
      }
      if open == 0 {
        if token.kind != .line { trimAfter(token.range) }
        return Statement(kind: .nothing, offset: tag.offset, isBlank: true)
      }
    }
    throw Fault(.syntax, "'comment' tag was never closed", at: tag.offset)
  }

  /// The tag that `token` is, nil if it is none.
  func tagInside(_ token: Token) -> EndTag? {
    switch token.kind {
    case .line: return tagName(source.trimmed(token.range))
    case .tag where source.bytes[token.range].suffix(2) == [0x25, 0x7D] && token.range.count >= 4:
      return tagName(inside(token.range))
    case .tag, .text, .output: return nil
    }
  }

  private mutating func skipRaw(_ tag: EndTag) throws(Fault) {
    while let token = tokenizer.next() {
      if rawEnd(token, "endraw") != nil { return }
    }
    throw Fault(.syntax, "'raw' tag was never closed", at: tag.offset)
  }

  /// `# words`; every line of it must begin with `#`.
  func inlineComment(_ tag: EndTag) throws(Fault) -> Statement {
    let lines = source.bytes[tag.markup].split(separator: UInt8(ascii: "\n")).dropFirst(
      source.bytes[tag.markup].first == UInt8(ascii: "\n") ? 0 : 1
    )
    for line in lines {
      guard let first = line.first(where: { !$0.isSpace }), first != UInt8(ascii: "#") else {
        continue
      }
      throw Fault(
        .syntax,
        "Each line of comments must be prefixed by the '#' character",
        at: line.startIndex
      )
    }
    return Statement(kind: .nothing, offset: tag.offset, isBlank: true)
  }
}
