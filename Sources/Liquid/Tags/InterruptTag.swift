/// `break` and `continue`.
extension TemplateParser {
  func interrupt(_ tag: EndTag) throws(Fault) -> Statement {
    Statement(
      kind: .interrupt(tag.name == "break" ? .break : .continue),
      offset: tag.offset,
      isBlank: false
    )
  }
}
