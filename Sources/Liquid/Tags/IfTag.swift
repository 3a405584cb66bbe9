/// `if`, `unless`, `elsif`, `else`.
extension TemplateParser {
  mutating func conditional(_ tag: EndTag) throws(Fault) -> Statement {
    var branches: [Branch] = []
    var condition: Condition? = try self.condition(tag)
    var isNegated = tag.name == "unless"
    var isOpen = true
    while isOpen {
      let (body, end) = try block(tag, until: ["elsif", "else"])
      branches.append(Branch(condition: condition, isNegated: isNegated, body: body))
      isNegated = false
      isOpen = end.name == "elsif" || end.name == "else"
      condition = end.name == "elsif" ? try self.condition(end) : nil
    }
    let isBlank = branches.allSatisfy { $0.body.allSatisfy(\.isBlank) }
    if isBlank {
      for index in branches.indices { branches[index].body = withoutBlanks(branches[index].body) }
    }
    return Statement(kind: .branches(branches), offset: tag.offset, isBlank: isBlank)
  }

  private mutating func condition(_ tag: EndTag) throws(Fault) -> Condition {
    try recovering(at: tag.offset) { parser throws(Fault) in
      try parser.readCondition(tag)
    } otherwise: {
      .truth(.null)
    }
  }

  private func readCondition(_ tag: EndTag) throws(Fault) -> Condition {
    do throws(Fault) {
      return try read(tag.markup) { (markup) throws(Fault) in
        try markup.condition()
      } lax: { (markup) throws(Fault) in
        try laxCondition(markup)
      }
    } catch {
      var fault = error
      fault.offset = fault.offset ?? tag.offset
      throw fault
    }
  }

  /// `fragment operator fragment` joined by `and` and `or`; what stands between is skipped.
  private func laxCondition(_ markup: LaxMarkup) throws(Fault) -> Condition {
    var parts: [Range<Int>] = []
    var operators: [Bool] = []
    var scan = markup
    var start = markup.range.lowerBound
    while !scan.range.isEmpty {
      scan.skipSpace()
      let word = scan.range.lowerBound
      guard let fragment = scan.takeFragmentHere() else {
        scan.advance(to: scan.range.lowerBound + 1)
        continue
      }
      let text = source.string(fragment)
      if text == "and" || text == "or" {
        parts.append(start..<word)
        operators.append(text == "and")
        start = fragment.upperBound
      }
    }
    parts.append(start..<markup.range.upperBound)
    guard parts.count <= 1000, let last = parts.popLast() else {
      throw Fault(.limit, "a condition has too many parts")
    }
    var result = try laxComparison(LaxMarkup(source, last))
    while let isAnd = operators.popLast(), let part = parts.popLast() {
      let left = try laxComparison(LaxMarkup(source, part))
      result = isAnd ? .and(left, result) : .or(left, result)
    }
    return result
  }

  private func laxComparison(_ markup: LaxMarkup) throws(Fault) -> Condition {
    var scan = markup
    guard let left = scan.takeFragment() else {
      throw Fault(
        .syntax,
        "Syntax Error in tag 'if' - Valid syntax: if [expression]",
        at: markup.range.lowerBound
      )
    }
    scan.skipSpace()
    let sign = scan.takeRun { byte in
      byte == 0x3D || byte == 0x21 || byte == 0x3C || byte == 0x3E || byte == 0x5F
        || (byte >= 0x61 && byte <= 0x7A)
    }
    guard let sign else { return .truth(lax(left)) }
    scan.skipSpace()
    let right = scan.takeFragmentHere().map(lax) ?? .null
    guard let comparison = Comparison(rawValue: source.string(sign)) else {
      return .unknown(source.string(sign))
    }
    return .comparison(comparison, lax(left), right)
  }
}
