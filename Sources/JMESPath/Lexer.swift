internal import JSON
internal import Values

/// Splits the text of an expression into tokens.
struct Lexer {
  private let source: String
  private let bytes: [UInt8]
  private var position = 0

  init(_ source: String) {
    self.source = source
    bytes = Array(source.utf8)
  }

  /// All tokens, the last one being the end.
  mutating func tokens() throws(JMESPathError) -> [Token] {
    var tokens: [Token] = []
    while true {
      while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
        position += 1
      }
      let start = position
      guard position < bytes.count else {
        tokens.append(Token(kind: .end, offset: start))
        return tokens
      }
      tokens.append(Token(kind: try next(), offset: start))
    }
  }

  private mutating func next() throws(JMESPathError) -> Token.Kind {
    let start = position
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"):
      return identifier(from: start)
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
      return try number(from: start)
    case UInt8(ascii: "\""): return try quotedIdentifier(from: start)
    case UInt8(ascii: "'"): return try rawString(from: start)
    case UInt8(ascii: "`"): return try literal(from: start)
    default: return try sign(byte, from: start)
    }
  }

  private mutating func sign(_ byte: UInt8, from start: Int) throws(JMESPathError) -> Token.Kind {
    switch byte {
    case UInt8(ascii: "."): return .dot
    case UInt8(ascii: "*"): return .star
    case UInt8(ascii: ","): return .comma
    case UInt8(ascii: ":"): return .colon
    case UInt8(ascii: "@"): return .current
    case UInt8(ascii: "("): return .leftParenthesis
    case UInt8(ascii: ")"): return .rightParenthesis
    case UInt8(ascii: "{"): return .leftBrace
    case UInt8(ascii: "}"): return .rightBrace
    case UInt8(ascii: "]"): return .rightBracket
    case UInt8(ascii: "["):
      if take("]") { return .flatten }
      return take("?") ? .filter : .leftBracket
    case UInt8(ascii: "|"): return take("|") ? .or : .pipe
    case UInt8(ascii: "&"): return take("&") ? .and : .reference
    case UInt8(ascii: "!"): return take("=") ? .comparison(.unequal) : .not
    case UInt8(ascii: "<"): return .comparison(take("=") ? .lessOrEqual : .less)
    case UInt8(ascii: ">"): return .comparison(take("=") ? .greaterOrEqual : .greater)
    case UInt8(ascii: "="):
      if take("=") { return .comparison(.equal) }
      throw error("a single '='", at: start, hint: "write '==' to compare")
    default:
      throw error("unexpected \(character(at: start))", at: start)
    }
  }

  private mutating func take(_ sign: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: sign) else { return false }
    position += 1
    return true
  }

  private mutating func identifier(from start: Int) -> Token.Kind {
    while position < bytes.count, bytes[position].isIdentifierPart { position += 1 }
    return .identifier(text(start..<position))
  }

  private mutating func number(from start: Int) throws(JMESPathError) -> Token.Kind {
    while position < bytes.count, bytes[position].isDigit { position += 1 }
    let isNegative = bytes[start] == UInt8(ascii: "-")
    guard position > start + (isNegative ? 1 : 0) else {
      throw error("a '-' without digits", at: start)
    }
    // No array is longer, so that a number beyond says the same.
    let bound = 1 << 53
    let number = Int(text(start..<position)) ?? (isNegative ? -bound : bound)
    return .number(min(max(number, -bound), bound))
  }

  private mutating func quotedIdentifier(from start: Int) throws(JMESPathError) -> Token.Kind {
    try skip(to: UInt8(ascii: "\""), from: start, "a quoted identifier")
    let quoted = text(start..<position)
    guard case .string(let name)? = try? JSONParser().parse(quoted) else {
      throw error("\(quoted) is not a JSON string", at: start)
    }
    return .quotedIdentifier(name)
  }

  private mutating func rawString(from start: Int) throws(JMESPathError) -> Token.Kind {
    try skip(to: UInt8(ascii: "'"), from: start, "a raw string")
    return .literal(.string(unescaped(start + 1..<position - 1, UInt8(ascii: "'"))))
  }

  private mutating func literal(from start: Int) throws(JMESPathError) -> Token.Kind {
    try skip(to: UInt8(ascii: "`"), from: start, "a literal")
    let content = unescaped(start + 1..<position - 1, UInt8(ascii: "`"))
    do throws(JSONError) {
      return .literal(try JSONParser().parse(content))
    } catch {
      // An old form that other implementations still read: a string without its quotes.
      let trimmed = content.drop { $0 == " " }
      if let first = trimmed.utf8.first, first.isIdentifierPart, !first.isDigit,
        case .string(let text)? = try? JSONParser().parse("\"\(trimmed)\"")
      {
        return .literal(.string(text))
      }
      throw self.error(
        "a literal that is not JSON: \(error.reason)",
        at: start,
        hint: "between backticks stands JSON; write '…' for text"
      )
    }
  }

  /// Moves behind the next `quote` that no backslash escapes.
  private mutating func skip(
    to quote: UInt8,
    from start: Int,
    _ noun: String
  ) throws(JMESPathError) {
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == quote { return }
      if byte == UInt8(ascii: "\\"), position < bytes.count { position += 1 }
    }
    throw error("\(noun) without its end", at: start)
  }

  /// The text of `range` without the backslashes before `quote`.
  private func unescaped(_ range: Range<Int>, _ quote: UInt8) -> String {
    var result: [UInt8] = []
    result.reserveCapacity(range.count)
    var index = range.lowerBound
    while index < range.upperBound {
      if bytes[index] == UInt8(ascii: "\\"), index + 1 < range.upperBound {
        if bytes[index + 1] != quote { result.append(bytes[index]) }
        index += 1
      }
      result.append(bytes[index])
      index += 1
    }
    return String(decoding: result, as: UTF8.self)
  }

  private func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }

  private func character(at offset: Int) -> String {
    text(offset..<bytes.count).unicodeScalars.first.map { "'\($0)'" } ?? "the end"
  }

  private func error(_ message: String, at offset: Int, hint: String? = nil) -> JMESPathError {
    JMESPathError(.syntax, message, at: offset, of: source, hint: hint)
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

  fileprivate var isIdentifierPart: Bool {
    let letter = self | 0x20
    return isDigit || self == UInt8(ascii: "_")
      || (letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z"))
  }
}
