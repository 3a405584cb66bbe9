import Values

/// `include name`: a partial that sees and sets the variables around it.
extension TemplateParser {
  mutating func include(_ tag: EndTag) throws(Fault) -> Statement {
    let result = try read(tag.markup) { (markup) throws(Fault) in
      var result = IncludeTag(template: try markup.expression())
      if markup.take(word: "for") || markup.take(word: "with") {
        result.variable = try markup.expression()
      }
      if markup.take(word: "as") { result.alias = try markup.name() }
      _ = markup.take(.comma)
      result.arguments = try markup.attributes()
      return result
    } lax: { (markup) throws(Fault) in
      var scan = markup
      guard let name = scan.takeFragment() else {
        throw Fault(
          .syntax,
          "Error in tag 'include' - Valid syntax: include '[template]' (with|for) [object|collection]",
          at: tag.offset
        )
      }
      var result = IncludeTag(template: lax(name))
      let rest = laxWith(&scan)
      result.variable = rest.variable
      result.alias = rest.alias
      result.arguments = markup.attributes().map { ($0.name, lax($0.value)) }
      return result
    }
    if let name = result.name {
      partials.append((name, false, tag.offset))
      assigned.insert(result.alias ?? IncludeTag.variableName(of: name))
    }
    if let alias = result.alias { assigned.insert(alias) }
    for argument in result.arguments { assigned.insert(argument.name) }
    return Statement(kind: .include(result), offset: tag.offset, isBlank: false)
  }
}

extension IncludeTag {
  /// The partial's name, where it is said in so many words.
  var name: String? {
    guard case .literal(.value(.string(let name))) = template else { return nil }
    return name
  }

  /// The variable that a partial gets its value in: the last part of its path.
  static func variableName(of template: String) -> String {
    template.split(separator: "/").last.map(String.init) ?? template
  }
}
