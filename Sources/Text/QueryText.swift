/// What must be known of a query in order to put it between parentheses.
public enum QueryText {
  /// `sql` without the semicolons that end it: only blanks and comments are after the first.
  ///
  /// A semicolon with more after it stays: the database then refuses the second statement. Strings
  /// of Postgres are read as under `standard_conforming_strings`, which Sluice sets.
  public static func withoutFinalSemicolon(_ sql: String, dialect: SQLLexer.Dialect) -> String {
    var bytes = Array(sql.utf8)
    var lexer = SQLLexer(bytes, dialect: dialect)
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
