public import Settings

extension Configuration {
  /// Why a source that was typed on a command line cannot be understood.
  public struct TypedSourceFailure: Error, Sendable {
    /// What is wrong, in one sentence, without a secret in it.
    public let message: String
    /// What to type.
    public let hint: String?
  }

  /// The source that `text` names.
  ///
  /// A URI of Postgres, libpq's `key=value` text, or the path of a SQLite file, which starts from
  /// `directory`. Throws if it is none of these.
  public static func source(
    typed text: String,
    in directory: String
  ) throws(TypedSourceFailure) -> SourceSettings {
    let known = "Sluice reads postgresql://user@host/database, libpq's 'host=… dbname=…', and the"
    let hint = "\(known) path of a SQLite file"
    guard isConnectionString(text) else {
      let scheme = text.prefix { $0.isLetter || $0.isNumber || $0 == "+" }
      if !scheme.isEmpty, text.dropFirst(scheme.count).hasPrefix("://") {
        throw TypedSourceFailure(message: "'\(scheme)://' names no source of Sluice", hint: hint)
      }
      // As in oracle:thin:@host; a path of Windows has one letter there.
      if scheme.count > 1, text.dropFirst(scheme.count).hasPrefix(":"), scheme != "file" {
        throw TypedSourceFailure(message: "'\(scheme):' names no source of Sluice", hint: hint)
      }
      if text.hasPrefix("file:") || text == ":memory:" {
        throw TypedSourceFailure(message: "\(text.quoted) is not the path of a file", hint: hint)
      }
      return .sqlite(path: FileAccess.path(text, from: directory), isImmutable: false)
    }
    do throws(ConnectionString.Failure) {
      let parameters = try ConnectionString.parse(text)
      return .postgres(
        parameters: parameters.map { (keyword: $0.keyword, value: Secret($0.value)) },
        session: []
      )
    } catch {
      throw TypedSourceFailure(message: error.message, hint: error.hint ?? hint)
    }
  }

  /// Whether `text` is for libpq, and no path: a path may hold `=` too.
  private static func isConnectionString(_ text: String) -> Bool {
    if text.hasPrefix("postgresql://") || text.hasPrefix("postgres://") { return true }
    let word = text.drop { $0 == " " }.prefix { $0.isLetter || $0 == "_" }
    let rest = text.drop { $0 == " " }.dropFirst(word.count).drop { $0 == " " }
    return rest.hasPrefix("=") && PostgresKeywords.all.contains(String(word))
  }
}
