internal import Text

extension JSONScan {
  /// Scans a number by RFC 8259 §6.
  @inline(__always) mutating func number() throws(Fault) {
    if byte(position) == UInt8(ascii: "-") { position += 1 }
    let first = position
    try digits()
    if byte(first) == UInt8(ascii: "0"), position - first > 1 {
      throw Fault(code: .badNumber, offset: first, reason: "a number begins with a needless zero")
    }
    if position < count, byte(position) == UInt8(ascii: ".") {
      position += 1
      try digits()
    }
    if position < count, byte(position) | 0x20 == UInt8(ascii: "e") {
      position += 1
      if position < count,
        byte(position) == UInt8(ascii: "+") || byte(position) == UInt8(ascii: "-")
      {
        position += 1
      }
      try digits()
    }
  }

  @inline(__always) private mutating func digits() throws(Fault) {
    let start = position
    while position < count, byte(position) &- UInt8(ascii: "0") <= 9 { position += 1 }
    guard position > start else {
      throw Fault(
        code: position < count ? .badNumber : .unexpectedEnd,
        offset: position,
        reason: "a number lacks a digit"
      )
    }
  }

  /// Scans a string by RFC 8259 §7, from its opening to behind its closing quote.
  @inline(__always) mutating func string() throws(Fault) {
    position += 1
    while true {
      position = text.plainEnd(from: position, count: count)
      guard position < count else {
        throw unexpected("a string is not closed")
      }
      let next = byte(position)
      if next == UInt8(ascii: "\"") {
        position += 1
        return
      }
      if next == UInt8(ascii: "\\") {
        try escape()
      } else if next < 0x20 {
        throw Fault(
          code: .controlCharacter,
          offset: position,
          reason: "a control character in a string is not escaped"
        )
      } else if next >= 0x80 {
        try multibyte()
      } else {
        position += 1
      }
    }
  }

  private mutating func escape() throws(Fault) {
    guard position + 1 < count else {
      position = count
      throw unexpected("a string is not closed")
    }
    switch byte(position + 1) {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      position += 2
    case UInt8(ascii: "u"):
      for index in position + 2..<position + 6 {
        guard index < count else {
          position = count
          throw unexpected("a string is not closed")
        }
        guard Hexadecimal.value(byte(index)) != nil else {
          throw Fault(
            code: .badEscape,
            offset: index,
            reason: "\\u lacks four hexadecimal digits"
          )
        }
      }
      position += 6
    default:
      throw Fault(
        code: .badEscape,
        offset: position,
        reason: "an escape that JSON does not know"
      )
    }
  }

  private mutating func multibyte() throws(Fault) {
    let rest = UnsafeRawBufferPointer(start: text + position, count: count - position)
    let length = UTF8Text.sequenceLength(rest)
    guard length > 0 else {
      throw Fault(code: .invalidUTF8, offset: position, reason: "a string is not valid UTF-8")
    }
    position += length
  }
}
