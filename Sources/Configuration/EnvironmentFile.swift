import Settings

/// Reads `.env`: `NAME=value` lines, as shells and dotenv tools write them.
///
/// `export` in front is allowed; `#` begins a comment at a line's start or after a space. Single
/// quotes keep everything as it is, double quotes know `\n`, `\t`, `\r`, `\"`, `\\` and `\$`;
/// both may span lines. Nothing is replaced inside a value.
struct EnvironmentFile {
  private let source: SourceText
  private var index = 0

  init(source: SourceText) {
    self.source = source
    // Every value in here may be a secret: an error shows its place, never the line.
    source.hidesLines = true
  }

  /// Its variables, where the last of several of the same name counts; errors are reported.
  mutating func variables() -> [String: String] {
    var result: [String: String] = [:]
    while index < source.scalars.count {
      skip { $0.properties.isWhitespace }
      guard let scalar = current else { break }
      if scalar == "#" {
        skipLine()
      } else if let (name, value) = assignment() {
        result[name] = value
      } else {
        skipLine()
      }
    }
    return result
  }

  private var current: Unicode.Scalar? {
    index < source.scalars.count ? source.scalars[index] : nil
  }

  private mutating func assignment() -> (String, String)? {
    let start = index
    var name = word()
    if name == "export", current == " " {
      skip { $0 == " " }
      name = word()
    }
    skip { $0 == " " || $0 == "\t" }
    guard Interpolation.isName(name[...]), current == "=" else {
      source.error(at: start..<index, "expected NAME=value", kind: .syntax)
      return nil
    }
    index += 1
    skip { $0 == " " || $0 == "\t" }
    guard let value = value() else { return nil }
    guard !value.unicodeScalars.contains("\0") else {
      source.error(at: start..<index, "the value of \(name) holds a NUL character", kind: .syntax)
      return nil
    }
    return (name, value)
  }

  private mutating func value() -> String? {
    if let quote = current, quote == "\"" || quote == "'" { return quoted(quote) }
    let start = index
    var end = index
    while let scalar = current, scalar != "\n", scalar != "\r" {
      let isComment = scalar == "#" && index > start && isBlank(source.scalars[index - 1])
      if isComment { break }
      index += 1
      if !isBlank(scalar) { end = index }
    }
    skipLine()
    return text(start..<end)
  }

  private mutating func quoted(_ quote: Unicode.Scalar) -> String? {
    let start = index
    var value = String.UnicodeScalarView()
    index += 1
    while let scalar = current {
      index += 1
      if scalar == quote { return checkRest(of: String(value)) }
      guard scalar == "\\", quote == "\"", let next = current else {
        value.append(scalar)
        continue
      }
      index += 1
      switch next {
      case "n": value.append("\n")
      case "t": value.append("\t")
      case "r": value.append("\r")
      case "\"", "\\", "$": value.append(next)
      default: value.append(contentsOf: [scalar, next])
      }
    }
    source.error(at: start..<start + 1, "the closing quote is missing", kind: .syntax)
    return nil
  }

  private mutating func checkRest(of value: String) -> String? {
    skip { $0 == " " || $0 == "\t" }
    if let scalar = current, scalar != "\n", scalar != "\r", scalar != "#" {
      source.error(at: index..<index + 1, "nothing may follow the closing quote", kind: .syntax)
      return nil
    }
    skipLine()
    return value
  }

  private mutating func word() -> String {
    let start = index
    skip { $0.properties.isAlphabetic || $0 == "_" || ("0"..."9").contains($0) }
    return text(start..<index)
  }

  private mutating func skip(_ matches: (Unicode.Scalar) -> Bool) {
    while let scalar = current, matches(scalar) { index += 1 }
  }

  private mutating func skipLine() {
    skip { $0 != "\n" && $0 != "\r" }
  }

  private func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }

  private func text(_ range: Range<Int>) -> String {
    String(String.UnicodeScalarView(Array(source.scalars[range])))
  }
}
