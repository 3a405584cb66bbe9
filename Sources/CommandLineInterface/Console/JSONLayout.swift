/// Lays compact JSON out for people, byte for byte the same except for spaces between its tokens.
enum JSONLayout {
  /// The lines of `json`, which is valid, indented by two spaces a level.
  static func lines(_ json: String) -> [String] {
    var lines: [String] = []
    var line: [UInt8] = []
    var depth = 0
    var isInString = false
    var isEscaped = false
    var last: UInt8 = 0
    func end() {
      lines.append(String(decoding: line, as: UTF8.self))
      line = Array(repeating: UInt8(ascii: " "), count: depth * 2)
    }
    for byte in json.utf8 {
      defer { last = byte }
      if isInString {
        line.append(byte)
        if !isEscaped, byte == UInt8(ascii: "\"") { isInString = false }
        isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
        continue
      }
      let isClosing = byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
      if isClosing { depth = max(0, depth - 1) }
      let wasOpening = last == UInt8(ascii: "{") || last == UInt8(ascii: "[")
      if wasOpening != isClosing { end() }
      line.append(byte)
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: ","): end()
      case UInt8(ascii: ":"): line.append(UInt8(ascii: " "))
      case UInt8(ascii: "\""): isInString = true
      default: break
      }
    }
    lines.append(String(decoding: line, as: UTF8.self))
    return lines
  }
}
