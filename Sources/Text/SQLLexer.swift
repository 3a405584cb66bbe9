/// Splits a SQL text into what a database's own lexer would see as one piece.
///
/// Only as fine as needed to know what is text, comment or name, and what is not. Offsets are
/// those of UTF-8 bytes. Sources: Postgres 15 documentation, "4.1. Lexical Structure" (strings as
/// under `standard_conforming_strings`); SQLite documentation, "SQL Language Expressions".
public struct SQLLexer {
  /// Whose rules count.
  public enum Dialect: Sendable {
    /// Dollar quotes, escape strings, nested comments.
    case postgres
    /// Names also in square brackets and backticks.
    case sqlite
  }

  /// What a piece is.
  public enum Kind: Sendable {
    /// Spaces, tabs and line breaks.
    case blank
    /// From `--` to the end of the line, or between `/*` and `*/`.
    case comment
    /// A string with its quotes.
    case string
    /// A quoted name with its quotes.
    case name
    /// Letters, digits and what else a name or a number is made of.
    case word
    /// One byte of anything else.
    case symbol
  }

  /// One piece.
  public struct Token: Sendable {
    /// What it is.
    public let kind: Kind
    /// Its bytes.
    public let range: Range<Int>
  }

  private let bytes: [UInt8]
  private let dialect: Dialect
  private var index = 0

  /// Begins at the start of `bytes`.
  public init(_ bytes: [UInt8], dialect: Dialect) {
    self.bytes = bytes
    self.dialect = dialect
  }

  /// All pieces of `bytes`, without gaps; a string or comment without an end is one to the end.
  public static func tokens(of bytes: [UInt8], dialect: Dialect) -> [Token] {
    var lexer = SQLLexer(bytes, dialect: dialect)
    var tokens: [Token] = []
    while let token = lexer.next() { tokens.append(token) }
    return tokens
  }

  /// The next piece, nil at the end.
  public mutating func next() -> Token? {
    guard index < bytes.count else { return nil }
    let start = index
    let (kind, end) = piece(at: start)
    index = min(end, bytes.count)
    return Token(kind: kind, range: start..<index)
  }

  private func piece(at start: Int) -> (Kind, Int) {
    switch bytes[start] {
    case let byte where Self.isBlank(byte): return (.blank, end(of: start, while: Self.isBlank))
    case UInt8(ascii: "'"): return (.string, endOfQuoted(start, by: bytes[start]))
    case UInt8(ascii: "\""): return (.name, endOfQuoted(start, by: bytes[start]))
    case UInt8(ascii: "`") where dialect == .sqlite:
      return (.name, endOfQuoted(start, by: bytes[start]))
    case UInt8(ascii: "[") where dialect == .sqlite:
      return (
        .name, bytes[start...].firstIndex(of: UInt8(ascii: "]")).map { $0 + 1 } ?? bytes.count
      )
    case UInt8(ascii: "-") where starts(start, "--"):
      return (.comment, bytes[start...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count)
    case UInt8(ascii: "/") where starts(start, "/*"): return (.comment, endOfComment(start))
    case UInt8(ascii: "$") where dialect == .postgres:
      return endOfDollarQuoted(start).map { (.string, $0) } ?? (.symbol, start + 1)
    case let byte where Self.isIdentifier(byte): return word(at: start)
    default: return (.symbol, start + 1)
    }
  }

  /// A word, or the string that it is the prefix of: `E'…'`.
  private func word(at start: Int) -> (Kind, Int) {
    let isPostgres = dialect == .postgres
    let end = end(of: start) {
      Self.isIdentifier($0) || isPostgres && $0 == UInt8(ascii: "$")
    }
    let isPrefix =
      isPostgres && end == start + 1 && bytes[start] | 0x20 == UInt8(ascii: "e")
      && end < bytes.count && bytes[end] == UInt8(ascii: "'")
    return isPrefix ? (.string, endOfEscapeString(end)) : (.word, end)
  }

  private func end(of start: Int, while isPart: (UInt8) -> Bool) -> Int {
    bytes[start...].firstIndex { !isPart($0) } ?? bytes.count
  }

  /// After the last part: what follows on another line has the same escapes.
  private func endOfEscapeString(_ start: Int) -> Int {
    var end = start
    while true {
      end = endOfQuoted(end, by: UInt8(ascii: "'"), hasEscapes: true)
      var next = end
      while next < bytes.count {
        let (kind, after) =
          Self.isBlank(bytes[next]) || starts(next, "--") ? piece(at: next) : (.symbol, next)
        if kind == .symbol { break }
        next = after
      }
      let hasNewline = bytes[min(end, bytes.count)..<next].contains { $0 == 0x0A || $0 == 0x0D }
      guard hasNewline, next < bytes.count, bytes[next] == UInt8(ascii: "'") else { return end }
      end = next
    }
  }

  private func endOfQuoted(_ start: Int, by quote: UInt8, hasEscapes: Bool = false) -> Int {
    var index = start + 1
    while index < bytes.count {
      if hasEscapes, bytes[index] == UInt8(ascii: "\\") {
        index += 2
      } else if bytes[index] == quote {
        let isDoubled = index + 1 < bytes.count && bytes[index + 1] == quote
        if !isDoubled { return index + 1 }
        index += 2
      } else {
        index += 1
      }
    }
    return bytes.count
  }

  private func endOfComment(_ start: Int) -> Int {
    var depth = 0
    var index = start
    while index < bytes.count {
      if starts(index, "/*"), depth == 0 || dialect == .postgres {
        depth += 1
        index += 2
      } else if starts(index, "*/") {
        depth -= 1
        index += 2
        if depth == 0 { return index }
      } else {
        index += 1
      }
    }
    return bytes.count
  }

  /// The end of `$tag$ … $tag$`; nil if no such quote begins.
  private func endOfDollarQuoted(_ start: Int) -> Int? {
    var end = start + 1
    if end < bytes.count, (48...57).contains(bytes[end]) { return nil }
    while end < bytes.count, Self.isIdentifier(bytes[end]) { end += 1 }
    guard end < bytes.count, bytes[end] == UInt8(ascii: "$") else { return nil }
    let tag = bytes[start...end]
    var index = end + 1
    while index + tag.count <= bytes.count {
      if bytes[index..<(index + tag.count)].elementsEqual(tag) { return index + tag.count }
      index += 1
    }
    return bytes.count
  }

  private func starts(_ index: Int, _ mark: StaticString) -> Bool {
    // A static string of two ASCII characters has two bytes.
    index + 1 < bytes.count && bytes[index] == mark.utf8Start[0]
      && bytes[index + 1] == mark.utf8Start[1]
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte)
  }

  private static func isIdentifier(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
      true
    default: false
    }
  }
}
