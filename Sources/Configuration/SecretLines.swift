import Settings

/// Which keys hold secrets, and which parts of a line must not be shown.
///
/// Judged by the text alone, so that it also holds for files that are not even YAML.
enum SecretLines {
  /// Whether a value under `key` is a secret.
  static func isSecret(key: String) -> Bool { SecretName.isSecret(key) }

  /// What to hide in a line: all that follows a secret's key, in its own line or in the lines
  /// indented below it, and the password in a URL.
  static func masks(of number: Int, in source: SourceText) -> [Range<Int>] {
    let line = source.line(number)
    if let parent = parent(of: number, in: source), endsInSecretKey(source.line(parent), source) {
      return [trimmed(line, source)]
    }
    return secretValue(in: line, source) + urlPasswords(in: line, source)
  }

  /// The nearest line above that is indented less.
  private static func parent(of number: Int, in source: SourceText) -> Int? {
    let indent = trimmed(source.line(number), source).lowerBound - source.line(number).lowerBound
    var candidate = number - 1
    while candidate >= 1 {
      let line = source.line(candidate)
      let text = trimmed(line, source)
      if !text.isEmpty, text.lowerBound - line.lowerBound < indent { return candidate }
      candidate -= 1
    }
    return nil
  }

  /// Whether a line's last key is a secret's, with its value begun or still to come.
  private static func endsInSecretKey(_ line: Range<Int>, _ source: SourceText) -> Bool {
    keys(in: line, source).last.map { isSecret(key: text(of: $0, source)) } ?? false
  }

  private static func secretValue(in line: Range<Int>, _ source: SourceText) -> [Range<Int>] {
    for key in keys(in: line, source) where isSecret(key: text(of: key, source)) {
      let value = trimmed(key.upperBound + 1..<line.upperBound, source)
      // A value that consists of a reference shows nothing.
      if isReference(value, source) || value.isEmpty { continue }
      return [value]
    }
    return []
  }

  /// The words that a `:` or `=` follows.
  private static func keys(in line: Range<Int>, _ source: SourceText) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var start: Int?
    for index in line {
      let scalar = source.scalars[index]
      let isWord = scalar.properties.isAlphabetic || "_.-0123456789".unicodeScalars.contains(scalar)
      if isWord {
        start = start ?? index
      } else {
        if scalar == ":" || scalar == "=", let start { result.append(start..<index) }
        // A key may be quoted: the quote stands between it and the colon.
        if scalar != "\"" && scalar != "'" || start == nil { start = nil }
      }
    }
    return result
  }

  private static func urlPasswords(in line: Range<Int>, _ source: SourceText) -> [Range<Int>] {
    guard let scheme = source.find("://", in: line) else { return [] }
    let rest = scheme.upperBound..<line.upperBound
    guard
      let at = rest.last(where: { source.scalars[$0] == "@" }),
      let colon = (rest.lowerBound..<at).first(where: { source.scalars[$0] == ":" }),
      !isReference(colon + 1..<at, source)
    else { return [] }
    return [colon + 1..<at]
  }

  /// Whether all of it is one `${NAME}`, perhaps in quotes: then the file itself has no secret.
  static func isReference(_ range: Range<Int>, _ source: SourceText) -> Bool {
    var text = Substring(text(of: range, source))
    while let last = text.last, "\"', }".contains(last), text.dropLast().contains("}") {
      text.removeLast()
    }
    while let first = text.first, "\"' ".contains(first) { text.removeFirst() }
    guard text.hasPrefix("${"), text.hasSuffix("}") else { return false }
    return text.dropFirst(2).dropLast().utf8.allSatisfy { byte in
      byte == 95 || (48...57).contains(byte) || (65...90).contains(byte)
        || (97...122).contains(byte)
    }
  }

  private static func text(of range: Range<Int>, _ source: SourceText) -> String {
    var result = String.UnicodeScalarView()
    result.append(contentsOf: source.scalars[range])
    return String(result)
  }

  private static func trimmed(_ range: Range<Int>, _ source: SourceText) -> Range<Int> {
    var start = range.lowerBound
    var end = max(range.upperBound, start)
    while start < end, source.scalars[start].properties.isWhitespace { start += 1 }
    while end > start, source.scalars[end - 1].properties.isWhitespace { end -= 1 }
    return start..<end
  }
}
