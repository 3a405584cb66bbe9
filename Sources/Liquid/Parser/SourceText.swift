/// The bytes of a template and what can be read from them.
struct SourceText {
  let bytes: [UInt8]
  let name: String

  func string(_ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }

  /// `range` without white space at its ends.
  func trimmed(_ range: Range<Int>) -> Range<Int> {
    var start = range.lowerBound
    var end = range.upperBound
    while start < end, bytes[start].isSpace { start += 1 }
    while end > start, bytes[end - 1].isSpace { end -= 1 }
    return start..<end
  }

  /// How many more bytes than one the character at `offset` has, for messages.
  func character(at offset: Int) -> String {
    guard offset < bytes.count else { return "" }
    let tail = bytes[offset..<min(offset + 4, bytes.count)]
    return String(String(decoding: tail, as: UTF8.self).unicodeScalars.prefix(1))
  }
}

extension UInt8 {
  /// Ruby's `\s`.
  var isSpace: Bool { self == 0x20 || (self >= 0x09 && self <= 0x0D) }

  /// What Ruby's `strip` takes off: white space and NUL.
  var isStripped: Bool { isSpace || self == 0 }

  var isDigit: Bool { self >= 0x30 && self <= 0x39 }

  var isLetter: Bool { (self | 0x20) >= 0x61 && (self | 0x20) <= 0x7A }

  /// Ruby's `\w`.
  var isWord: Bool { isLetter || isDigit || self == 0x5F }

  /// What a name may go on with.
  var isNamePart: Bool { isWord || self == 0x2D }
}
