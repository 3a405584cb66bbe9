/// `echo value | filters`: an output, for use in `liquid`.
extension TemplateParser {
  func echo(_ tag: EndTag) throws(Fault) -> Statement {
    Statement(kind: .output(try filtered(tag.markup)), offset: tag.offset, isBlank: false)
  }
}
