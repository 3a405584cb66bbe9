extension TemplateParser {
  /// The tags that may begin a statement, for suggestions.
  static let tagNames = [
    "if", "unless", "case", "for", "tablerow", "break", "continue", "cycle", "assign", "capture",
    "increment", "decrement", "comment", "raw", "liquid", "echo", "render", "include",
    "ifchanged", "doc", "elsif", "else", "when", "endif", "endunless", "endcase", "endfor",
    "endtablerow", "endcapture", "endcomment", "endraw", "enddoc", "endifchanged",
  ]

  /// The tags that hold nothing: what is wrong in one of them does not reach further.
  private static let loneTags: Set<String> = [
    "assign", "cycle", "echo", "increment", "decrement", "render", "include", "break", "continue",
  ]

  /// Reads the rest of `tag` and appends its statement.
  mutating func append(_ tag: EndTag, to statements: inout [Statement]) throws(Fault) {
    guard Self.loneTags.contains(tag.name) else { return try read(tag, to: &statements) }
    let known = faults.count
    statements += try recovering(at: tag.offset) { parser throws(Fault) in
      var read: [Statement] = []
      try parser.read(tag, to: &read)
      return read
    } otherwise: {
      []
    }
    // What it would have set is not unknown elsewhere.
    if faults.count > known, tag.name == "assign", let name = tagName(tag.markup)?.name {
      assigned.insert(name)
    }
  }

  private mutating func read(_ tag: EndTag, to statements: inout [Statement]) throws(Fault) {
    switch tag.name {
    case "if", "unless": statements.append(try conditional(tag))
    case "case": statements.append(try cases(tag))
    case "for": statements.append(try loop(tag))
    case "tablerow": statements.append(try tableRow(tag))
    case "break", "continue": statements.append(try interrupt(tag))
    case "cycle": statements.append(try cycle(tag))
    case "assign": statements.append(try assign(tag))
    case "capture": statements.append(try capture(tag))
    case "increment", "decrement": statements.append(try counter(tag))
    case "comment": statements.append(try comment(tag))
    case "raw": statements.append(contentsOf: try raw(tag))
    case "doc": statements.append(try documentation(tag))
    case "liquid": statements.append(contentsOf: try liquid(tag))
    case "echo": statements.append(try echo(tag))
    case "render": statements.append(try render(tag))
    case "include": statements.append(try include(tag))
    case "ifchanged": statements.append(try ifChanged(tag))
    case "#": statements.append(try inlineComment(tag))
    default: throw unknown(tag)
    }
  }
}
