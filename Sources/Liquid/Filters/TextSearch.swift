/// Finding and replacing bytes in bytes.
enum TextSearch {
  /// Where `needle` first stands at or behind `start`.
  static func find(_ needle: [UInt8], in text: [UInt8], from start: Int) -> Int? {
    guard let first = needle.first else { return start <= text.count ? start : nil }
    guard text.count >= needle.count else { return nil }
    var position = start
    while position <= text.count - needle.count {
      if text[position] == first, matches(needle, text, position) { return position }
      position += 1
    }
    return nil
  }

  /// Where `needle` last stands.
  static func findLast(_ needle: [UInt8], in text: [UInt8]) -> Int? {
    guard text.count >= needle.count else { return nil }
    var position = text.count - needle.count
    while position >= 0 {
      if matches(needle, text, position) { return position }
      position -= 1
    }
    return nil
  }

  private static func matches(_ needle: [UInt8], _ text: [UInt8], _ position: Int) -> Bool {
    for index in needle.indices where text[position + index] != needle[index] { return false }
    return true
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
