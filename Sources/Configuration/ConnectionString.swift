/// Reads libpq's connection URIs and `key=value` strings into keywords and values.
///
/// libpq itself never sees such a text: what it says of one that is wrong quotes pieces of it,
/// and with a password that is not percent-encoded these are pieces of the password. No message
/// from here holds any of the text, except for names of parameters that cannot be part of a password.
/// Source: Postgres manual, "Connection Strings" of libpq.
struct ConnectionString {
  /// Why a text cannot be read.
  struct Failure: Error {
    let message: String
    var hint: String?
  }

  typealias Parameter = (keyword: String, value: String)

  static let encodeHint =
    "percent-encode @ : / ? # % and blanks in the password (@ is %40, : %3A, / %2F, ? %3F, # %23, "
    + "% %25), or leave it out of the url and write it as 'password:'"

  /// The keywords of `text`, in order; the last mention of one counts.
  static func parse(_ text: String) throws(Failure) -> [Parameter] {
    for scheme in ["postgresql://", "postgres://"] where text.hasPrefix(scheme) {
      return try ConnectionURI(text.dropFirst(scheme.count)).parameters()
    }
    if let failure = foreignScheme(text) { throw failure }
    guard text.contains("=") else {
      throw Failure(
        message: "this is neither a URI nor a key=value string",
        hint: "write postgresql://user@host:5432/database or 'host=… dbname=…'"
      )
    }
    return try pairs(text)
  }

  /// What is said of addresses that other programs take.
  private static func foreignScheme(_ text: String) -> Failure? {
    guard let end = text.range(of: "://") else { return nil }
    let scheme = text[..<end].lowercased()
    if text.contains("postgres://") || text.contains("postgresql://"), !scheme.hasPrefix("jdbc:") {
      return Failure(
        message: "the url has something in front of 'postgresql://'",
        hint: "write the url alone, without quotes, blanks, 'psql' or NAME= in front of it"
      )
    }
    let isName = scheme.utf8.allSatisfy {
      (97...122).contains($0) || (48...57).contains($0) || "+:".utf8.contains($0)
    }
    guard isName, scheme.utf8.count <= 24 else { return nil }
    if scheme.hasPrefix("jdbc:") {
      return Failure(
        message: "this is a JDBC url",
        hint: "write postgresql://user@host:5432/database, without 'jdbc:'; user and password go "
          + "in front of the host, or under 'user:' and 'password:'"
      )
    }
    if scheme.hasPrefix("postgres") {
      return Failure(
        message: "this is a url for a driver of another program",
        hint: "write postgresql:// in place of everything before the host's '://'"
      )
    }
    return Failure(
      message: "this is not a url of Postgres: it begins with \(scheme)://",
      hint: "write postgresql://user@host:5432/database"
    )
  }

  // MARK: - key=value

  private static func pairs(_ text: String) throws(Failure) -> [Parameter] {
    var result: [Parameter] = []
    var rest = text[...]
    rest = rest.drop(while: \.isWhitespace)
    while !rest.isEmpty {
      let keyword = rest.prefix { $0 != "=" && !$0.isWhitespace }
      rest = rest.dropFirst(keyword.count).drop(while: \.isWhitespace)
      guard rest.first == "=" else {
        throw Failure(
          message: "the \(ordinal(result.count + 1)) setting of the key=value string has no '='",
          hint: "put a value with blanks in single quotes: password='…'"
        )
      }
      rest = rest.dropFirst().drop(while: \.isWhitespace)
      let value = try value(&rest)
      // The name is not shown: a blank in a password makes names of its pieces.
      result.append(
        try ConnectionParameter.checked(String(keyword), value, place: ordinal(result.count + 1))
      )
      rest = rest.drop(while: \.isWhitespace)
    }
    return result
  }

  private static func value(_ rest: inout Substring) throws(Failure) -> String {
    var value = ""
    let isQuoted = rest.first == "'"
    if isQuoted { rest = rest.dropFirst() }
    while let character = rest.first, isQuoted ? character != "'" : !character.isWhitespace {
      rest = rest.dropFirst()
      if character == "\\", let next = rest.first {
        value.append(next)
        rest = rest.dropFirst()
      } else {
        value.append(character)
      }
    }
    if isQuoted {
      guard rest.first == "'" else {
        throw Failure(message: "the closing quote of a value in the key=value string is missing")
      }
      rest = rest.dropFirst()
    }
    return value
  }

  private static func ordinal(_ number: Int) -> String {
    switch number {
    case 1: "first"
    case 2: "second"
    case 3: "third"
    default: "\(number)th"
    }
  }
}

extension String {
  /// Where `text` first stands.
  fileprivate func range(of text: String) -> Index? {
    indices.first { self[$0...].hasPrefix(text) }
  }
}
