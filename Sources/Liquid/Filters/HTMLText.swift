/// Escaping and stripping of HTML.
enum HTMLText {
  private static func entity(_ byte: UInt8) -> StaticString? {
    switch byte {
    case UInt8(ascii: "&"): "&amp;"
    case UInt8(ascii: "<"): "&lt;"
    case UInt8(ascii: ">"): "&gt;"
    case UInt8(ascii: "\""): "&quot;"
    case UInt8(ascii: "'"): "&#39;"
    default: nil
    }
  }

  static func escaped(_ text: String, _ bytesMax: Int) throws(Fault) -> String {
    guard text.utf8.contains(where: { entity($0) != nil }) else { return text }
    var result: [UInt8] = []
    result.reserveCapacity(text.utf8.count + 16)
    for byte in text.utf8 { append(byte, to: &result) }
    guard result.count <= bytesMax else { throw Fault(.limit, "`escape` makes too long a text") }
    return String(decoding: result, as: UTF8.self)
  }

  private static func append(_ byte: UInt8, to result: inout [UInt8]) {
    if let entity = entity(byte) {
      result.append(
        contentsOf: UnsafeBufferPointer(start: entity.utf8Start, count: entity.utf8CodeUnitCount)
      )
    } else {
      result.append(byte)
    }
  }

  /// Escapes what is not an entity already.
  static func escapedOnce(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      if byte == UInt8(ascii: "&"), isEntity(bytes, index + 1) {
        result.append(byte)
      } else {
        append(byte, to: &result)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Letters, or `#` and digits, then a semicolon.
  private static func isEntity(_ bytes: [UInt8], _ start: Int) -> Bool {
    var end = start
    let isNumber = end < bytes.count && bytes[end] == UInt8(ascii: "#")
    if isNumber { end += 1 }
    let first = end
    while end < bytes.count, isNumber ? bytes[end].isDigit : bytes[end].isLetter { end += 1 }
    return end > first && end < bytes.count && bytes[end] == UInt8(ascii: ";")
  }

  /// Takes out scripts, styles and comments whole, then every tag.
  static func stripped(_ text: String) -> String {
    var bytes = Array(text.utf8)
    bytes = without(bytes, [("<script", "</script>"), ("<!--", "-->"), ("<style", "</style>")])
    bytes = without(bytes, [("<", ">")])
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func without(_ bytes: [UInt8], _ pairs: [(String, String)]) -> [UInt8] {
    var result: [UInt8] = []
    var position = 0
    let pairs = pairs.map { (Array($0.0.utf8), Array($0.1.utf8)) }
    // An ending that is missing once is missing further on too.
    var missing = Set<Int>()
    scan: while position < bytes.count {
      if bytes[position] == UInt8(ascii: "<") {
        for (index, (begin, end)) in pairs.enumerated()
        where !missing.contains(index) && bytes[position...].starts(with: begin) {
          guard let close = TextSearch.find(end, in: bytes, from: position + begin.count) else {
            missing.insert(index)
            continue
          }
          position = close + end.count
          continue scan
        }
      }
      result.append(bytes[position])
      position += 1
    }
    return result
  }
}
