/// `increment name` and `decrement name`.
extension TemplateParser {
  mutating func counter(_ tag: EndTag) throws(Fault) -> Statement {
    let name = try read(tag.markup) { (markup) throws(Fault) in
      let name = try markup.name()
      try markup.consume(.end)
      return name
    } lax: { (markup) throws(Fault) in
      source.string(source.trimmed(markup.range))
    }
    assigned.insert(name)
    return Statement(
      kind: tag.name == "increment" ? .increment(name) : .decrement(name),
      offset: tag.offset,
      isBlank: false
    )
  }
}
