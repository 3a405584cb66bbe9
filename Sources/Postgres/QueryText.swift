/// What a lexer must know of a Postgres query in order to put it between parentheses.
///
/// Source: Postgres 15 documentation, "4.1. Lexical Structure".
enum QueryText {
  /// `sql` without the semicolons that end it: only blanks and comments stand behind the first.
  ///
  /// A semicolon with more behind it stays: the server then refuses the second statement. Strings
  /// are read as under `standard_conforming_strings`, which ``PostgresReader`` sets.
  static func withoutFinalSemicolon(_ sql: String) -> String {
    let bytes = Array(sql.utf8)
    var index = 0
    var semicolons: [Int] = []
    while index < bytes.count {
      let end = endOfToken(bytes, at: index)
      if bytes[index] == UInt8(ascii: ";") {
        semicolons.append(index)
      } else if !semicolons.isEmpty, !isBlankOrComment(bytes, index) {
        return sql
      }
      index = end
    }
    var kept = bytes
    for semicolon in semicolons { kept[semicolon] = UInt8(ascii: " ") }
    return String(decoding: kept, as: UTF8.self)
  }

  private static func isBlankOrComment(_ bytes: [UInt8], _ index: Int) -> Bool {
    switch bytes[index] {
    case 0x20, 0x09, 0x0A, 0x0B, 0x0C, 0x0D: true
    default: starts(bytes, index, "--") || starts(bytes, index, "/*")
    }
  }

  private static func endOfToken(_ bytes: [UInt8], at index: Int) -> Int {
    switch bytes[index] {
    case UInt8(ascii: "'"):
      return isEscapeString(bytes, index)
        ? endOfEscapeString(bytes, index) : endOfQuoted(bytes, index, hasEscapes: false)
    case UInt8(ascii: "\""): return endOfQuoted(bytes, index, hasEscapes: false)
    case UInt8(ascii: "-") where starts(bytes, index, "--"):
      return bytes[index...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count
    case UInt8(ascii: "/") where starts(bytes, index, "/*"): return endOfComment(bytes, index)
    case UInt8(ascii: "$"): return endOfDollarQuoted(bytes, index)
    default: return index + 1
    }
  }

  private static func isEscapeString(_ bytes: [UInt8], _ quote: Int) -> Bool {
    guard quote > 0, bytes[quote - 1] | 0x20 == UInt8(ascii: "e") else { return false }
    return quote < 2 || !isIdentifier(bytes[quote - 2])
  }

  /// Behind the last part: what stands on another line goes on with the same escapes.
  private static func endOfEscapeString(_ bytes: [UInt8], _ start: Int) -> Int {
    var end = start
    while true {
      end = endOfQuoted(bytes, end, hasEscapes: true)
      var next = end
      while next < bytes.count, isBlankOrComment(bytes, next), !starts(bytes, next, "/*") {
        next = endOfToken(bytes, at: next)
      }
      let hasNewline = bytes[end..<next].contains { $0 == 0x0A || $0 == 0x0D }
      guard hasNewline, next < bytes.count, bytes[next] == UInt8(ascii: "'") else { return end }
      end = next
    }
  }

  private static func endOfQuoted(_ bytes: [UInt8], _ start: Int, hasEscapes: Bool) -> Int {
    var index = start + 1
    while index < bytes.count {
      if hasEscapes, bytes[index] == UInt8(ascii: "\\") {
        index += 2
      } else if bytes[index] == bytes[start] {
        let isDoubled = index + 1 < bytes.count && bytes[index + 1] == bytes[start]
        if !isDoubled { return index + 1 }
        index += 2
      } else {
        index += 1
      }
    }
    return bytes.count
  }

  private static func endOfComment(_ bytes: [UInt8], _ start: Int) -> Int {
    var depth = 0
    var index = start
    while index < bytes.count {
      if starts(bytes, index, "/*") {
        depth += 1
        index += 2
      } else if starts(bytes, index, "*/") {
        depth -= 1
        index += 2
        if depth == 0 { return index }
      } else {
        index += 1
      }
    }
    return bytes.count
  }

  private static func endOfDollarQuoted(_ bytes: [UInt8], _ start: Int) -> Int {
    if start > 0, isIdentifier(bytes[start - 1]) { return start + 1 }
    var end = start + 1
    while end < bytes.count, isIdentifier(bytes[end]) { end += 1 }
    guard end < bytes.count, bytes[end] == UInt8(ascii: "$") else { return start + 1 }
    let tag = bytes[start...end]
    var index = end + 1
    while index + tag.count <= bytes.count {
      if bytes[index..<(index + tag.count)].elementsEqual(tag) { return index + tag.count }
      index += 1
    }
    return bytes.count
  }

  private static func isIdentifier(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
      true
    default: false
    }
  }

  private static func starts(_ bytes: [UInt8], _ index: Int, _ mark: StaticString) -> Bool {
    index + 1 < bytes.count && bytes[index] == mark.utf8Start[0]
      && bytes[index + 1] == mark.utf8Start[1]
  }
}
