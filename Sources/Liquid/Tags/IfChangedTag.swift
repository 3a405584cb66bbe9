/// `ifchanged`: a body that is written only when it differs from the last.
extension TemplateParser {
  mutating func ifChanged(_ tag: EndTag) throws(Fault) -> Statement {
    let (body, _) = try block(tag)
    return Statement(
      kind: .ifChanged(body),
      offset: tag.offset,
      isBlank: body.allSatisfy(\.isBlank)
    )
  }
}
