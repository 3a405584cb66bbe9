internal import Values

/// Compiles an expression by operator precedence.
struct Parser {
  static let depthMax = 256
  private static let projectionStop = 10

  private let source: String
  private let tokens: [Token]
  private var position = 0
  private var nesting = 0
  private var nodes: [Node] = []
  /// For each node how deep it nests, which bounds the recursion of evaluating it.
  private var depths: [Int] = []
  private var multiSelects = 0

  init(_ source: String) throws(JMESPathError) {
    self.source = source
    var lexer = Lexer(source)
    tokens = try lexer.tokens()
  }

  mutating func program() throws(JMESPathError) -> Program {
    if current == .end { throw error("an empty expression", hint: "write '@' for everything") }
    let root = try expression(0)
    guard current == .end else { throw unexpected("an operator or the end") }
    assert(root == nodes.count - 1)
    return Program(source: source, nodes: nodes, mayMultiply: multiSelects > 3)
  }

  // MARK: - Tokens

  private var current: Token.Kind { tokens[position].kind }

  private func ahead(_ count: Int) -> Token.Kind {
    tokens[min(position + count, tokens.count - 1)].kind
  }

  private mutating func advance() {
    // The end is never passed.
    if position < tokens.count - 1 { position += 1 }
  }

  private mutating func match(_ kind: Token.Kind) throws(JMESPathError) {
    guard current == kind else { throw unexpected(kind.noun) }
    advance()
  }

  private func error(_ message: String, hint: String? = nil) -> JMESPathError {
    JMESPathError(.syntax, message, at: tokens[position].offset, of: source, hint: hint)
  }

  private func unexpected(_ wanted: String, hint: String? = nil) -> JMESPathError {
    error("expected \(wanted), found \(current.noun)", hint: hint)
  }

  // MARK: - Nodes

  private mutating func add(_ node: Node, _ children: Int...) throws(JMESPathError) -> Int {
    try add(node, children: children)
  }

  private mutating func add(_ node: Node, children: [Int]) throws(JMESPathError) -> Int {
    let depth = children.reduce(0) { max($0, depths[$1]) } + 1
    if depth > Parser.depthMax { throw tooDeep() }
    nodes.append(node)
    depths.append(depth)
    return nodes.count - 1
  }

  private func tooDeep() -> JMESPathError {
    JMESPathError(
      .limit,
      "an expression nested more than \(Parser.depthMax) deep",
      at: tokens[position].offset,
      of: source
    )
  }

  // MARK: - Expressions

  private mutating func expression(_ power: Int) throws(JMESPathError) -> Int {
    nesting += 1
    if nesting > Parser.depthMax { throw tooDeep() }
    defer { nesting -= 1 }
    var left = try prefix()
    while power < current.bindingPower { left = try infix(left) }
    return left
  }

  private mutating func prefix() throws(JMESPathError) -> Int {
    let kind = current
    switch kind {
    case .literal(let value):
      advance()
      return try add(.literal(value))
    case .identifier(let name):
      if ahead(1) == .leftParenthesis { return try call(name) }
      advance()
      return try add(.field(MemberName(name)))
    case .quotedIdentifier(let name):
      if ahead(1) == .leftParenthesis {
        throw error("a function's name stands without quotes")
      }
      advance()
      return try add(.field(MemberName(name)))
    case .current:
      advance()
      return try add(.current)
    case .star:
      advance()
      let left = try add(.current)
      let right = try projected(Token.Kind.star.bindingPower)
      return try add(.valueProjection(left, right), left, right)
    case .filter, .flatten: return try infix(try add(.current))
    case .leftBrace:
      advance()
      return try hash()
    case .leftParenthesis:
      advance()
      let inner = try expression(0)
      try match(.rightParenthesis)
      return inner
    case .not:
      advance()
      let inner = try expression(kind.bindingPower)
      return try add(.not(inner), inner)
    case .leftBracket: return try bracketPrefix()
    case .reference:
      throw error("'&' stands only before an argument of a function")
    default: throw unexpected("an expression")
    }
  }

  private mutating func infix(_ left: Int) throws(JMESPathError) -> Int {
    let kind = current
    let power = kind.bindingPower
    switch kind {
    case .dot:
      advance()
      guard current == .star else { return try chain(left, try dotted(power)) }
      advance()
      let right = try projected(power)
      return try add(.valueProjection(left, right), left, right)
    case .pipe:
      advance()
      return try chain(left, try expression(power))
    case .or:
      advance()
      let right = try expression(power)
      return try add(.or(left, right), left, right)
    case .and:
      advance()
      let right = try expression(power)
      return try add(.and(left, right), left, right)
    case .comparison(let comparison):
      advance()
      let right = try expression(power)
      return try add(.comparison(comparison, left, right), left, right)
    case .filter:
      advance()
      return try filtered(left)
    case .flatten:
      advance()
      let flat = try add(.flatten(left), left)
      let right = try projected(power)
      return try add(.projection(flat, right), flat, right)
    case .leftBracket:
      advance()
      return try bracket(left)
    default: throw unexpected("an operator")
    }
  }

  private mutating func chain(_ left: Int, _ right: Int) throws(JMESPathError) -> Int {
    if case .field(let name) = nodes[right] {
      switch nodes[left] {
      case .field(let first): return try add(.path([first, name]), left, right)
      case .path(let names): return try add(.path(names + [name]), left, right)
      default: break
      }
    }
    return try add(.chain(left, right), left, right)
  }

  private mutating func call(_ name: String) throws(JMESPathError) -> Int {
    let offset = tokens[position].offset
    let start = position
    advance()
    advance()
    var arguments: [Call.Argument] = []
    while current != .rightParenthesis {
      if !arguments.isEmpty { try match(.comma) }
      arguments.append(try argument())
    }
    advance()
    let end = position
    position = start
    let function = try Function.named(name, arguments, at: offset, of: source)
    position = end
    let children = arguments.map { argument in
      switch argument {
      case .value(let node), .expression(let node): node
      }
    }
    let call = Call(function: function, arguments: arguments, offset: offset)
    return try add(.call(call), children: children)
  }

  private mutating func argument() throws(JMESPathError) -> Call.Argument {
    guard current == .reference else { return .value(try expression(0)) }
    advance()
    return .expression(try expression(0))
  }

  // MARK: - Brackets and braces

  private mutating func bracketPrefix() throws(JMESPathError) -> Int {
    advance()
    switch current {
    case .number, .colon: return try bracket(try add(.current))
    case .star where ahead(1) == .rightBracket: return try bracket(try add(.current))
    default: return try list()
    }
  }

  /// What stands behind a `[`.
  private mutating func bracket(_ left: Int) throws(JMESPathError) -> Int {
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

  private mutating func slice() throws(JMESPathError) -> Slice {
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

  private mutating func filtered(_ left: Int) throws(JMESPathError) -> Int {
    let condition = try expression(0)
    try match(.rightBracket)
    let right =
      current == .flatten ? try add(.current) : try projected(Token.Kind.filter.bindingPower)
    let node = Node.filter(left, condition: condition, right)
    return try add(node, left, condition, right)
  }

  /// What is done with every item of a projection.
  private mutating func projected(_ power: Int) throws(JMESPathError) -> Int {
    if current.bindingPower < Parser.projectionStop { return try add(.current) }
    switch current {
    case .leftBracket, .filter: return try expression(power)
    case .dot:
      advance()
      return try dotted(power)
    default: throw unexpected("an operator")
    }
  }

  private mutating func dotted(_ power: Int) throws(JMESPathError) -> Int {
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

  private mutating func list() throws(JMESPathError) -> Int {
    multiSelects += 1
    var items = [try expression(0)]
    while current != .rightBracket {
      try match(.comma)
      items.append(try expression(0))
    }
    advance()
    return try add(.list(items), children: items)
  }

  private mutating func hash() throws(JMESPathError) -> Int {
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
