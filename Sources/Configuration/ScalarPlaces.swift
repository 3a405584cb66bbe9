/// Finds for each character of a YAML scalar its place in the file.
///
/// libyaml tells where a scalar begins and ends, not where the parts of its text come from. The
/// text is therefore read once more, by the rules of YAML 1.2.2, chapters 7.3 and 8.1. What these
/// few rules cannot read comes out as another text, which the caller notices.
struct ScalarPlaces {
  private let scalars: [Unicode.Scalar]
  private let end: Int
  private var position: Int
  private var text: [Unicode.Scalar] = []
  private var places: [Int] = []

  /// The text at `range` of `source`, and the place of each of its characters.
  static func read(_ range: Range<Int>, of source: SourceText) -> (String, [Int]) {
    var reader = ScalarPlaces(source, range)
    reader.skipAnchor()
    switch reader.current {
    case "\"": reader.quoted("\"")
    case "'": reader.quoted("'")
    case "|", ">": reader.block()
    default: reader.flow(until: nil)
    }
    return (String(String.UnicodeScalarView(reader.text)), reader.places)
  }

  private init(_ source: SourceText, _ range: Range<Int>) {
    scalars = source.scalars
    end = min(range.upperBound, source.scalars.count)
    position = range.lowerBound
  }

  private var current: Unicode.Scalar? { position < end ? scalars[position] : nil }

  private mutating func take(_ scalar: Unicode.Scalar, from place: Int) {
    text.append(scalar)
    places.append(place)
  }

  private mutating func skipAnchor() {
    guard current == "&" else { return }
    while let scalar = current, !scalar.isYAMLSpace, !scalar.isYAMLBreak { position += 1 }
    while let scalar = current, scalar.isYAMLSpace || scalar.isYAMLBreak { position += 1 }
  }

  /// Steps over a line break; CRLF is one.
  private mutating func skipBreak() {
    if current == "\r", position + 1 < end, scalars[position + 1] == "\n" { position += 1 }
    position += 1
  }

  // MARK: - Plain and quoted

  private mutating func quoted(_ quote: Unicode.Scalar) {
    position += 1
    flow(until: quote)
  }

  private mutating func flow(until quote: Unicode.Scalar?) {
    while let scalar = current {
      if let quote, scalar == quote {
        guard quote == "'", position + 1 < end, scalars[position + 1] == "'" else { return }
        take("'", from: position)
        position += 2
      } else if scalar == "\\", quote == "\"" {
        escape()
      } else if scalar.isYAMLBreak {
        fold()
      } else {
        take(scalar, from: position)
        position += 1
      }
    }
  }

  /// One line break becomes a space, more of them one less; spaces around them vanish.
  private mutating func fold() {
    let start = position
    while let last = text.last, last.isYAMLSpace, !(places.last.map(isEscaped) ?? false) {
      text.removeLast()
      places.removeLast()
    }
    var breaks: [Int] = []
    while let scalar = current, scalar.isYAMLBreak || scalar.isYAMLSpace {
      if scalar.isYAMLBreak {
        breaks.append(position)
        skipBreak()
      } else {
        position += 1
      }
    }
    if breaks.count == 1 { take(" ", from: start) }
    for place in breaks.dropFirst() { take("\n", from: place) }
  }

  private func isEscaped(_ place: Int) -> Bool { scalars[place] == "\\" }

  private mutating func escape() {
    let start = position
    position += 1
    guard let letter = current else { return }
    position += 1
    if letter.isYAMLBreak {
      position -= 1
      skipBreak()
      while let scalar = current, scalar.isYAMLSpace { position += 1 }
    } else if let digits = Self.digits[letter] {
      let number = scalars[position..<min(position + digits, end)]
      position += number.count
      let value = UInt32(String(String.UnicodeScalarView(Array(number))), radix: 16)
      if let scalar = value.flatMap(Unicode.Scalar.init) { take(scalar, from: start) }
    } else {
      take(Self.escapes[letter] ?? letter, from: start)
    }
  }

  private static let digits: [Unicode.Scalar: Int] = ["x": 2, "u": 4, "U": 8]
  private static let escapes: [Unicode.Scalar: Unicode.Scalar] = [
    "0": "\0", "a": "\u{7}", "b": "\u{8}", "t": "\t", "n": "\n", "v": "\u{B}", "f": "\u{C}",
    "r": "\r", "e": "\u{1B}", "N": "\u{85}", "_": "\u{A0}", "L": "\u{2028}", "P": "\u{2029}",
  ]
}

// MARK: - Blocks

extension ScalarPlaces {
  private struct Line {
    var content: Range<Int>
    /// Where its break begins.
    var breakPlace: Int
    /// Whether it is more than the line before it folded into: it begins with white space.
    var isIndented: Bool
  }

  private mutating func block() {
    let isFolded = current == ">"
    var chomping: Unicode.Scalar?
    position += 1
    while let scalar = current, !scalar.isYAMLBreak {
      if scalar == "#" { break }
      if scalar == "+" || scalar == "-" { chomping = scalar }
      position += 1
    }
    while let scalar = current, !scalar.isYAMLBreak { position += 1 }
    guard current != nil else { return }
    skipBreak()
    var lines = lines(indentation: indentation())
    var trailing: [Line] = []
    while let last = lines.last, last.content.isEmpty { trailing.insert(lines.removeLast(), at: 0) }
    append(lines, isFolded: isFolded)
    guard chomping != "-", let last = lines.last, last.breakPlace < scalars.count else { return }
    take("\n", from: last.breakPlace)
    if chomping == "+" { for line in trailing { take("\n", from: line.breakPlace) } }
  }

  /// How far the first line that is not empty is indented, which goes for all of them.
  private func indentation() -> Int {
    var index = position
    var spaces = 0
    while index < scalars.count {
      if scalars[index] == " " {
        spaces += 1
      } else if scalars[index].isYAMLBreak {
        spaces = 0
      } else {
        break
      }
      index += 1
    }
    return spaces
  }

  private mutating func lines(indentation: Int) -> [Line] {
    var lines: [Line] = []
    while position < end {
      var start = position
      while start < end, start < position + indentation, scalars[start] == " " { start += 1 }
      var stop = start
      while stop < end, !scalars[stop].isYAMLBreak { stop += 1 }
      if start == stop, stop == end { break }
      let isIndented = start < stop && scalars[start].isYAMLSpace
      lines.append(Line(content: start..<stop, breakPlace: stop, isIndented: isIndented))
      position = stop
      if position < end { skipBreak() }
    }
    return lines
  }

  private mutating func append(_ lines: [Line], isFolded: Bool) {
    var previous: Line?
    var empty: [Line] = []
    for line in lines {
      if isFolded, line.content.isEmpty {
        empty.append(line)
        continue
      }
      if let previous {
        let keepsBreak = !isFolded || previous.isIndented || line.isIndented
        if keepsBreak || empty.isEmpty { take(keepsBreak ? "\n" : " ", from: previous.breakPlace) }
      }
      for place in empty { take("\n", from: place.breakPlace) }
      empty = []
      for place in line.content { take(scalars[place], from: place) }
      previous = line
    }
  }
}

extension Unicode.Scalar {
  fileprivate var isYAMLSpace: Bool { self == " " || self == "\t" }

  fileprivate var isYAMLBreak: Bool { self == "\n" || self == "\r" }
}
