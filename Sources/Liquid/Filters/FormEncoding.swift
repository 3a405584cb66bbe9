import Text

/// Text of URLs as forms write it.
enum FormEncoding {
  /// As forms are encoded: a space is `+`.
  static func encoded(_ bytes: [UInt8]) -> String {
    var result: [UInt8] = []
    for byte in bytes {
      if byte.isWord || byte == 0x2A || byte == 0x2D || byte == 0x2E || byte == 0x7E {
        result.append(byte)
      } else if byte == UInt8(ascii: " ") {
        result.append(UInt8(ascii: "+"))
      } else {
        result += PercentEncoding.octet(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// The text that `bytes` write; throws if it is not UTF-8.
  static func decoded(_ bytes: [UInt8]) throws(Fault) -> String {
    var result: [UInt8] = []
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "%"), position + 2 < bytes.count,
        let high = Hexadecimal.value(bytes[position + 1]),
        let low = Hexadecimal.value(bytes[position + 2])
      {
        result.append(high << 4 | low)
        position += 3
        continue
      }
      result.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      position += 1
    }
    guard let text = String(validating: result, as: UTF8.self) else {
      throw .argument("invalid byte sequence in UTF-8")
    }
    return text
  }
}
