internal import Values

/// What stands in brackets and braces, and what follows them.
extension Parser {
  mutating func bracketPrefix() throws(JMESPathError) -> Int {
    advance()
    switch current {
    case .number, .colon: return try bracket(try add(.current))
    case .star where ahead(1) == .rightBracket: return try bracket(try add(.current))
    default: return try list()
    }
  }

  /// What stands behind a `[`.
  mutating func bracket(_ left: Int) throws(JMESPathError) -> Int {
    switch (current, ahead(1)) {
    case (.colon, _), (.number, .colon):
      let slice = try add(.slice(try slice()))
      let sliced = try chain(left, slice)
      let right = try projected(Token.Kind.star.bindingPower)
      return try add(.projection(sliced, right), sliced, right)
    case (.number(let index), _):
      advance()
      try match(.rightBracket)
      return try chain(left, try add(.index(index)))
    case (.star, _):
      advance()
      try match(.rightBracket)
      let right = try projected(Token.Kind.star.bindingPower)
      return try add(.projection(left, right), left, right)
    default: throw unexpected("a number, ':' or '*'", hint: "write a.[…] to select many")
    }
  }

  mutating func slice() throws(JMESPathError) -> Slice {
    var parts: [Int?] = [nil]
    var last = position
    while current != .rightBracket {
      switch current {
      case .colon where parts.count < 3: parts.append(nil)
      case .number(let number) where parts[parts.count - 1] == nil:
        parts[parts.count - 1] = number
        last = position
      default: throw unexpected("a number, ':' or ']'")
      }
      advance()
    }
    advance()
    let step = parts.count > 2 ? parts[2] : nil
    // Only a slice that is one by the grammar can have a wrong step.
    if step == 0 {
      throw JMESPathError(.invalidValue, "a step of zero", at: tokens[last].offset, of: source)
    }
    return Slice(start: parts[0], stop: parts.count > 1 ? parts[1] : nil, step: step ?? 1)
  }

  mutating func filtered(_ left: Int) throws(JMESPathError) -> Int {
    let condition = try expression(0)
    try match(.rightBracket)
    let right =
      current == .flatten ? try add(.current) : try projected(Token.Kind.filter.bindingPower)
    let node = Node.filter(left, condition: condition, right)
    return try add(node, left, condition, right)
  }

  /// What is done with every item of a projection.
  mutating func projected(_ power: Int) throws(JMESPathError) -> Int {
    if current.bindingPower < Parser.projectionStop { return try add(.current) }
    switch current {
    case .leftBracket, .filter: return try expression(power)
    case .dot:
      advance()
      return try dotted(power)
    default: throw unexpected("an operator")
    }
  }

  mutating func dotted(_ power: Int) throws(JMESPathError) -> Int {
    switch current {
    case .identifier, .quotedIdentifier, .star: return try expression(power)
    case .leftBracket:
      advance()
      return try list()
    case .leftBrace:
      advance()
      return try hash()
    default: throw unexpected("a name, '*', '[' or '{' after the '.'")
    }
  }

  mutating func list() throws(JMESPathError) -> Int {
    multiSelects += 1
    var items = [try expression(0)]
    while current != .rightBracket {
      try match(.comma)
      items.append(try expression(0))
    }
    advance()
    return try add(.list(items), children: items)
  }

  mutating func hash() throws(JMESPathError) -> Int {
    multiSelects += 1
    var members: [HashMember] = []
    repeat {
      if !members.isEmpty { try match(.comma) }
      switch current {
      case .identifier(let name), .quotedIdentifier(let name):
        advance()
        try match(.colon)
        members.append(HashMember(name: MemberName(name), value: try expression(0)))
      default: throw unexpected("a name")
      }
    } while current != .rightBrace
    advance()
    return try add(.hash(members), children: members.map(\.value))
  }
}
