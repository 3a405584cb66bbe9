import Values

/// Finds what it can in markup that the strict grammar refuses, as Liquid's lax mode does.
///
/// A *fragment* is a quoted string, or a run of anything but white space, commas, pipes and quotes,
/// in which quoted strings may stand.
struct LaxMarkup {
  let source: SourceText
  var range: Range<Int>

  init(_ source: SourceText, _ range: Range<Int>) {
    self.source = source
    self.range = range
  }

  private func byte(_ index: Int) -> UInt8 { source.bytes[index] }

  mutating func skipSpace() {
    while !range.isEmpty, byte(range.lowerBound).isSpace { advance(to: range.lowerBound + 1) }
  }

  mutating func advance(to position: Int) {
    range = min(position, range.upperBound)..<range.upperBound
  }

  /// The end of the quoted string that begins at `start`, nil if none does.
  private func quotedEnd(_ start: Int) -> Int? {
    guard start < range.upperBound else { return nil }
    let quote = byte(start)
    guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
    return source.bytes[(start + 1)..<range.upperBound].firstIndex(of: quote).map { $0 + 1 }
  }

  /// The end of the fragment that begins at `start`, nil if none does.
  func fragmentEnd(_ start: Int) -> Int? {
    if let end = quotedEnd(start) { return end }
    var end = start
    while end < range.upperBound {
      if let quoted = quotedEnd(end) {
        end = quoted
        continue
      }
      let next = byte(end)
      if next.isSpace || next == UInt8(ascii: ",") || next == UInt8(ascii: "|")
        || next == UInt8(ascii: "'") || next == UInt8(ascii: "\"")
      {
        break
      }
      end += 1
    }
    return end > start ? end : nil
  }

  /// Takes the first fragment anywhere ahead.
  mutating func takeFragment() -> Range<Int>? {
    var start = range.lowerBound
    while start < range.upperBound {
      if let end = fragmentEnd(start) {
        advance(to: end)
        return start..<end
      }
      start += 1
    }
    return nil
  }

  /// Takes a fragment that begins here.
  mutating func takeFragmentHere() -> Range<Int>? {
    guard let end = fragmentEnd(range.lowerBound) else { return nil }
    let found = range.lowerBound..<end
    advance(to: end)
    return found
  }

  /// Several fragments without anything between them.
  mutating func takeFragments() -> Range<Int>? {
    guard let first = takeFragment() else { return nil }
    var end = first.upperBound
    while let next = takeFragmentHere() { end = next.upperBound }
    return first.lowerBound..<end
  }

  /// Takes `word` if it comes next.
  mutating func take(_ word: String) -> Bool {
    let end = range.lowerBound + word.utf8.count
    guard end <= range.upperBound, source.string(range.lowerBound..<end) == word else {
      return false
    }
    advance(to: end)
    return true
  }

  /// Takes a run of bytes that `belongs` accepts.
  mutating func takeRun(_ belongs: (UInt8) -> Bool) -> Range<Int>? {
    var end = range.lowerBound
    while end < range.upperBound, belongs(byte(end)) { end += 1 }
    guard end > range.lowerBound else { return nil }
    let found = range.lowerBound..<end
    advance(to: end)
    return found
  }

  /// Every `name: fragment` anywhere in the markup.
  func attributes() -> [(name: String, value: Range<Int>)] {
    var found: [(name: String, value: Range<Int>)] = []
    var scan = self
    while !scan.range.isEmpty {
      let start = scan.range.lowerBound
      var attempt = scan
      if byte(start).isWord, let name = attempt.takeRun({ $0.isNamePart }) {
        let nameEnd = attempt.range.lowerBound
        attempt.skipSpace()
        if attempt.take(":") {
          attempt.skipSpace()
          if let value = attempt.takeFragmentHere() {
            found.append((source.string(name), value))
            scan = attempt
            continue
          }
        }
        scan.advance(to: nameEnd)
        continue
      }
      scan.advance(to: start + 1)
    }
    return found
  }
}
