import Text

/// The name of a table as people type it: `orders`, `sales.orders`, `"Order Details"`.
struct TableName: Equatable {
  /// The schema, nil if none was typed.
  var schema: String?
  /// The name without quotes.
  var name: String

  /// The name with these parts, as a catalogue has them.
  init(schema: String?, name: String) {
    self.schema = schema
    self.name = name
  }

  /// Reads `text`; nil if it is not a name, or one of more than two parts.
  ///
  /// Without quotes a name may hold blanks; a dot always separates.
  init?(typed text: String) {
    var parts: [String] = []
    var rest = Substring(text)
    while true {
      let part: String
      if rest.first == "\"" {
        guard let quoted = Self.quotedPart(&rest) else { return nil }
        part = quoted
      } else {
        part = String(rest.prefix { $0 != "." })
        rest = rest.dropFirst(part.count)
      }
      let isFit = !part.isEmpty && !part.unicodeScalars.contains { $0.value < 32 }
      guard isFit, !part.hasPrefix("-"), !part.contains("/") else { return nil }
      parts.append(part)
      guard rest.first == "." else { break }
      rest = rest.dropFirst()
    }
    guard rest.isEmpty, parts.count <= 2, let name = parts.last else { return nil }
    self.init(schema: parts.count == 2 ? parts.first : nil, name: name)
  }

  private static func quotedPart(_ rest: inout Substring) -> String? {
    var part = ""
    rest = rest.dropFirst()
    while let character = rest.popFirst() {
      if character != "\"" {
        part.append(character)
      } else if rest.first == "\"" {
        part.append(rest.removeFirst())
      } else {
        return part
      }
    }
    return nil
  }

  /// As SQL has it, quoted where needed.
  var sql: String {
    [schema, name].compactMap { $0.map(Self.quoted) }.joined(separator: ".")
  }

  /// A name for the files and the topic of its sync: letters, digits, `_` and `-`; nil where
  /// nothing of the name fits.
  var fileName: String? {
    let words = name.split { !($0.isASCII && ($0.isLetter || $0.isNumber || "_-".contains($0))) }
    let text = words.joined(separator: "_")
    let isWhole = words.count == 1 && words.first?.count == name.count
    return text.isEmpty || text.utf8.count > 100 ? nil : isWhole ? text : text.lowercased()
  }

  /// A name in double quotes, unless both databases take it as it is.
  static func quoted(_ name: String) -> String {
    let isPlain = name.utf8.allSatisfy {
      (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "_")
    }
    let isDigitFirst = name.utf8.first.map { (48...57).contains($0) } ?? true
    if isPlain, !isDigitFirst, !reserved.contains(name) { return name }
    return SQLText.name(name)
  }

  /// Postgres's reserved words and SQLite's, "SQL Key Words" and "SQLite Keywords".
  private static let reserved = Set(
    """
    add all alter analyse analyze and any array as asc asymmetric authorization autoincrement \
    between binary both case cast check collate collation column commit concurrently constraint \
    create cross current_catalog current_date current_role current_schema current_time \
    current_timestamp current_user default deferrable delete desc distinct do drop else end \
    escape except exists false fetch for foreign freeze from full grant group having if ilike in \
    index initially inner insert intersect into is isnull join lateral leading left like limit \
    localtime localtimestamp natural not nothing notnull null offset on only or order outer \
    overlaps placing primary raise references returning right select session_user set similar \
    some symmetric system_user table tablesample then to trailing transaction true union unique \
    update user using values variadic verbose when where window with
    """.split(separator: " ").map(String.init)
  )
}
