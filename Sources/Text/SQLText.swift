/// How SQL writes names and texts; Postgres and SQLite agree on both.
public enum SQLText {
  /// A name in double quotes.
  public static func name(_ name: String) -> String { quoted(name, by: "\"") }

  /// A text literal.
  public static func literal(_ text: String) -> String { quoted(text, by: "'") }

  /// A mark inside is written twice.
  private static func quoted(_ text: String, by mark: Character) -> String {
    let parts = text.split(separator: mark, omittingEmptySubsequences: false)
    return "\(mark)\(parts.joined(separator: "\(mark)\(mark)"))\(mark)"
  }
}
