internal import Text

/// What must be known of a Postgres query in order to put it between parentheses.
enum QueryText {
  /// `sql` without the semicolons that end it: only blanks and comments are after the first.
  ///
  /// A semicolon with more after it stays: the server then refuses the second statement. Strings
  /// are read as under `standard_conforming_strings`, which ``PostgresReader`` sets.
  static func withoutFinalSemicolon(_ sql: String) -> String {
    var bytes = Array(sql.utf8)
    var lexer = SQLLexer(bytes, dialect: .postgres)
    var semicolons: [Int] = []
    while let token = lexer.next() {
      if token.kind == .blank || token.kind == .comment { continue }
      if bytes[token.range.lowerBound] == UInt8(ascii: ";") {
        semicolons.append(token.range.lowerBound)
      } else if !semicolons.isEmpty {
        return sql
      }
    }
    for semicolon in semicolons { bytes[semicolon] = UInt8(ascii: " ") }
    return String(decoding: bytes, as: UTF8.self)
  }
}
