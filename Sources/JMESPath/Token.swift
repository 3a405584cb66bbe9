internal import Values

/// One token of an expression.
struct Token {
  enum Kind: Equatable {
    case end
    case identifier(String)
    case quotedIdentifier(String)
    case literal(Value)
    case number(Int)
    case dot, star, comma, colon, current, reference
    case leftBracket, rightBracket, flatten, filter
    case leftParenthesis, rightParenthesis, leftBrace, rightBrace
    case pipe, or, and, not
    case comparison(Comparison)
  }

  let kind: Kind
  /// Where it begins, in bytes.
  let offset: Int
}

/// How two values are compared.
enum Comparison: String, Sendable {
  case equal = "=="
  case unequal = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
}

extension Token.Kind {
  /// How strongly it binds what stands to its left.
  var bindingPower: Int {
    switch self {
    case .pipe: 1
    case .or: 2
    case .and: 3
    case .comparison: 5
    case .flatten: 9
    case .star: 20
    case .filter: 21
    case .dot: 40
    case .not: 45
    case .leftBrace: 50
    case .leftBracket: 55
    case .leftParenthesis: 60
    case .end, .identifier, .quotedIdentifier, .literal, .number, .comma, .colon, .current,
      .reference, .rightBracket, .rightParenthesis, .rightBrace:
      0
    }
  }

  /// How an error names it.
  var noun: String {
    switch self {
    case .end: "the end"
    case .identifier(let name): "'\(name)'"
    case .quotedIdentifier(let name): "'\"\(name)\"'"
    case .literal: "a literal"
    case .number(let number): "'\(number)'"
    case .dot: "'.'"
    case .star: "'*'"
    case .comma: "','"
    case .colon: "':'"
    case .current: "'@'"
    case .reference: "'&'"
    case .leftBracket: "'['"
    case .rightBracket: "']'"
    case .flatten: "'[]'"
    case .filter: "'[?'"
    case .leftParenthesis: "'('"
    case .rightParenthesis: "')'"
    case .leftBrace: "'{'"
    case .rightBrace: "'}'"
    case .pipe: "'|'"
    case .or: "'||'"
    case .and: "'&&'"
    case .not: "'!'"
    case .comparison(let comparison): "'\(comparison.rawValue)'"
    }
  }
}
