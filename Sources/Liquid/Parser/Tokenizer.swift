/// A piece of a template between the marks `{%`, `%}`, `{{` and `}}`.
struct Token {
  enum Kind {
    case text
    case output
    case tag
    /// A line of a `liquid` tag.
    case line
  }

  var kind: Kind
  var range: Range<Int>
}

/// Cuts a template into text, outputs and tags, or the body of a `liquid` tag into lines.
struct Tokenizer {
  private let source: SourceText
  private let end: Int
  private var position: Int
  let isLines: Bool

  init(_ source: SourceText) {
    self.source = source
    position = 0
    end = source.bytes.count
    isLines = false
  }

  init(_ source: SourceText, linesOf range: Range<Int>) {
    self.source = source
    position = range.lowerBound
    end = range.upperBound
    isLines = true
  }

  mutating func next() -> Token? {
    guard position < end else { return nil }
    if isLines { return line() }
    let bytes = source.bytes
    if position + 1 < end, bytes[position] == UInt8(ascii: "{") {
      if bytes[position + 1] == UInt8(ascii: "%") { return tag(from: position) }
      if bytes[position + 1] == UInt8(ascii: "{") { return output() }
    }
    return text()
  }

  private mutating func line() -> Token {
    let start = position
    while position < end, source.bytes[position] != UInt8(ascii: "\n") { position += 1 }
    let token = Token(kind: .line, range: start..<position)
    position += 1
    return token
  }

  private mutating func text() -> Token {
    let start = position
    position += 1
    while position < end {
      if source.bytes[position] == UInt8(ascii: "{"), position + 1 < end,
        source.bytes[position + 1] == UInt8(ascii: "{")
          || source.bytes[position + 1] == UInt8(ascii: "%")
      {
        break
      }
      position += 1
    }
    return Token(kind: .text, range: start..<position)
  }

  private mutating func tag(from start: Int) -> Token {
    var scan = max(position, start) + 2
    while scan + 1 < end {
      if source.bytes[scan] == UInt8(ascii: "%"), source.bytes[scan + 1] == UInt8(ascii: "}") {
        position = scan + 2
        return Token(kind: .tag, range: start..<position)
      }
      scan += 1
    }
    position = end
    return Token(kind: .tag, range: start..<end)
  }

  /// An output ends at `}}`; one in which a tag begins first ends with that tag, and is refused.
  private mutating func output() -> Token {
    let start = position
    var scan = position + 2
    while scan + 1 < end {
      let byte = source.bytes[scan]
      let following = source.bytes[scan + 1]
      if byte == UInt8(ascii: "}"), following == UInt8(ascii: "}") {
        position = scan + 2
        return Token(kind: .output, range: start..<position)
      }
      if byte == UInt8(ascii: "{"), following == UInt8(ascii: "%") {
        position = scan
        var token = tag(from: start)
        token.kind = .output
        return token
      }
      scan += 1
    }
    position = end
    return Token(kind: .output, range: start..<end)
  }
}
