internal import Values

/// Compiles an expression by operator precedence.
struct Parser {
  static let depthMax = 256
  static let projectionStop = 10

  let source: String
  let tokens: [Token]
  var position = 0
  var nesting = 0
  var nodes: [Node] = []
  /// For each node how deep it nests, which bounds the recursion of evaluating it.
  var depths: [Int] = []
  var multiSelects = 0

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

  var current: Token.Kind { tokens[position].kind }

  func ahead(_ count: Int) -> Token.Kind {
    tokens[min(position + count, tokens.count - 1)].kind
  }

  mutating func advance() {
    // The end is never passed.
    if position < tokens.count - 1 { position += 1 }
  }

  mutating func match(_ kind: Token.Kind) throws(JMESPathError) {
    guard current == kind else { throw unexpected(kind.noun) }
    advance()
  }

  func error(_ message: String, hint: String? = nil) -> JMESPathError {
    JMESPathError(.syntax, message, at: tokens[position].offset, of: source, hint: hint)
  }

  func unexpected(_ wanted: String, hint: String? = nil) -> JMESPathError {
    error("expected \(wanted), found \(current.noun)", hint: hint)
  }

  // MARK: - Nodes

  mutating func add(_ node: Node, _ children: Int...) throws(JMESPathError) -> Int {
    try add(node, children: children)
  }

  mutating func add(_ node: Node, children: [Int]) throws(JMESPathError) -> Int {
    let depth = children.reduce(0) { max($0, depths[$1]) } + 1
    if depth > Parser.depthMax { throw tooDeep() }
    nodes.append(node)
    depths.append(depth)
    return nodes.count - 1
  }

  func tooDeep() -> JMESPathError {
    JMESPathError(
      .limit,
      "an expression nested more than \(Parser.depthMax) deep",
      at: tokens[position].offset,
      of: source
    )
  }

  // MARK: - Expressions

  mutating func expression(_ power: Int) throws(JMESPathError) -> Int {
    nesting += 1
    if nesting > Parser.depthMax { throw tooDeep() }
    defer { nesting -= 1 }
    var left = try prefix()
    while power < current.bindingPower { left = try infix(left) }
    return left
  }

  mutating func prefix() throws(JMESPathError) -> Int {
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

  mutating func infix(_ left: Int) throws(JMESPathError) -> Int {
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

  mutating func chain(_ left: Int, _ right: Int) throws(JMESPathError) -> Int {
    if case .field(let name) = nodes[right] {
      switch nodes[left] {
      case .field(let first): return try add(.path([first, name]), left, right)
      case .path(let names): return try add(.path(names + [name]), left, right)
      default: break
      }
    }
    return try add(.chain(left, right), left, right)
  }

  mutating func call(_ name: String) throws(JMESPathError) -> Int {
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

  mutating func argument() throws(JMESPathError) -> Call.Argument {
    guard current == .reference else { return .value(try expression(0)) }
    advance()
    return .expression(try expression(0))
  }
}
