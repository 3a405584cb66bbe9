/// Finding bytes in bytes, in time that grows with their lengths and not with the product of them.
enum TextSearch {
  /// Up to here a needle is compared at every place; longer ones would take too long so.
  private static let shortMax = 16

  /// Where `needle` first stands at or behind `start`.
  static func find(_ needle: [UInt8], in text: [UInt8], from start: Int) -> Int? {
    guard let first = needle.first else { return start <= text.count ? start : nil }
    guard text.count - start >= needle.count else { return nil }
    if needle.count > shortMax { return findLong(needle, in: text, from: start) }
    var position = start
    while position <= text.count - needle.count {
      if text[position] == first, matches(needle, text: text, position: position) {
        return position
      }
      position += 1
    }
    return nil
  }

  private static func matches(_ needle: [UInt8], text: [UInt8], position: Int) -> Bool {
    for index in needle.indices where text[position + index] != needle[index] { return false }
    return true
  }

  /// Knuth, Morris and Pratt: no byte of the text is looked at again.
  private static func findLong(_ needle: [UInt8], in text: [UInt8], from start: Int) -> Int? {
    let borders = borders(of: needle)
    var matched = 0
    for position in start..<text.count {
      while matched > 0, text[position] != needle[matched] { matched = Int(borders[matched - 1]) }
      if text[position] == needle[matched] { matched += 1 }
      if matched == needle.count { return position + 1 - matched }
    }
    return nil
  }

  /// For each beginning of `needle`, how long its longest other beginning is that also ends it.
  private static func borders(of needle: [UInt8]) -> [Int32] {
    var borders = [Int32](repeating: 0, count: needle.count)
    var matched = 0
    for index in needle.indices.dropFirst() {
      while matched > 0, needle[index] != needle[matched] { matched = Int(borders[matched - 1]) }
      if needle[index] == needle[matched] { matched += 1 }
      borders[index] = Int32(truncatingIfNeeded: matched)
    }
    return borders
  }

  /// Where `needle` last stands.
  static func findLast(_ needle: [UInt8], in text: [UInt8]) -> Int? {
    find(needle.reversed(), in: text.reversed(), from: 0).map {
      text.count - needle.count - $0
    }
  }

  /// The first or last character of `text`, nothing where there is none.
  static func end(_ text: String, isFirst: Bool) -> String {
    let scalar = isFirst ? text.unicodeScalars.first : text.unicodeScalars.last
    return scalar.map { String($0) } ?? ""
  }

  /// How many bytes the character at `position` has.
  static func characterLength(_ text: [UInt8], _ position: Int) -> Int {
    var length = 1
    while position + length < text.count, text[position + length] & 0xC0 == 0x80 { length += 1 }
    return length
  }
}
