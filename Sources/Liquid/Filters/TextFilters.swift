import Values

/// The filters of text.
struct TextFilters {
  let bytesMax: Int

  static func capitalized(_ text: String) -> String {
    guard let first = text.unicodeScalars.first else { return text }
    let rest = String(text.unicodeScalars.dropFirst())
    return first.properties.titlecaseMapping + rest.lowercased()
  }

  func trimmedEnd(_ text: String) -> String {
    guard let last = text.utf8.lastIndex(where: { !$0.isStripped }) else { return "" }
    return String(text[..<text.utf8.index(after: last)])
  }

  func squished(_ text: String) -> String {
    text.trimmedSpace.utf8.split(whereSeparator: \.isSpace).map {
      String(decoding: $0, as: UTF8.self)
    }
    .joined(separator: " ")
  }

  func lines(_ text: String, breaks: String) throws(Fault) -> String {
    var result: [UInt8] = []
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\n") {
        if result.last == UInt8(ascii: "\r") { result.removeLast() }
        result.append(contentsOf: breaks.utf8)
        try check(result)
      } else {
        result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  func truncated(_ text: String, _ arguments: Arguments) throws(Fault) -> String {
    let length =
      try arguments[0].map { (operand) throws(Fault) in try Numbers.integer(operand) } ?? 50
    let tail = arguments[1].map(FilterText.text) ?? "..."
    guard text.unicodeScalars.count > length else { return text }
    let kept = max(0, length &- tail.unicodeScalars.count)
    return String(text.unicodeScalars.prefix(kept)) + tail
  }

  func words(_ text: String, _ arguments: Arguments) throws(Fault) -> String {
    let wanted =
      try arguments[0].map { (operand) throws(Fault) in try Numbers.integer(operand) } ?? 15
    let tail = arguments[1].map(FilterText.text) ?? "..."
    let words = text.utf8.split(whereSeparator: \.isStripped)
    let kept = max(1, wanted)
    // White space after the last word counts as one more.
    let isOpen = text.utf8.last?.isStripped ?? false
    guard words.count > kept || (words.count == kept && isOpen) else { return text }
    return words.prefix(kept).map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
      + tail
  }

  /// As Ruby's `split`: a space means any white space, nothing means characters, and empty parts
  /// at the end fall away.
  func split(_ text: String, _ pattern: String) -> [Value] {
    if pattern == " " {
      return text.utf8.split(whereSeparator: \.isStripped).map {
        .string(String(decoding: $0, as: UTF8.self))
      }
    }
    if pattern.isEmpty { return text.unicodeScalars.map { .string(String($0)) } }
    let bytes = Array(text.utf8)
    let needle = Array(pattern.utf8)
    var parts: [Range<Int>] = []
    var start = 0
    while let found = TextSearch.find(needle, in: bytes, from: start) {
      parts.append(start..<found)
      start = found + needle.count
    }
    parts.append(start..<bytes.count)
    while let last = parts.last, last.isEmpty { parts.removeLast() }
    return parts.map { .string(String(decoding: bytes[$0], as: UTF8.self)) }
  }

  func replaced(_ text: String, _ arguments: Arguments) throws(Fault) -> String {
    let bytes = Array(text.utf8)
    let needle = Array(arguments.text(0).utf8)
    let replacement = Array(arguments.text(1).utf8)
    var result: [UInt8] = []
    var start = 0
    while let found = TextSearch.find(needle, in: bytes, from: start) {
      result.append(contentsOf: bytes[start..<found])
      Self.append(replacement, for: found..<found + needle.count, of: bytes, to: &result)
      try check(result)
      start = found + needle.count
      if needle.isEmpty {
        // Nothing stands between all characters.
        guard start < bytes.count else { break }
        let length = TextSearch.characterLength(bytes, start)
        result.append(contentsOf: bytes[start..<start + length])
        start += length
      }
    }
    result.append(contentsOf: bytes[min(start, bytes.count)...])
    return String(decoding: result, as: UTF8.self)
  }

  func replacedOnce(_ text: String, _ arguments: Arguments, isLast: Bool) -> String {
    let bytes = Array(text.utf8)
    let needle = Array(arguments.text(0).utf8)
    let found =
      isLast
      ? TextSearch.findLast(needle, in: bytes) : TextSearch.find(needle, in: bytes, from: 0)
    guard let found else { return text }
    let match = found..<found + needle.count
    let replacement = Array(arguments.text(1).utf8)
    var result = Array(bytes[..<found])
    if isLast {
      result += replacement
    } else {
      Self.append(replacement, for: match, of: bytes, to: &result)
    }
    result += bytes[match.upperBound...]
    return String(decoding: result, as: UTF8.self)
  }

  /// Appends a replacement as Ruby's `gsub` and `sub` read one: `\\` is a backslash, `\0` and `\&`
  /// are what was found, `` \` `` and `\'` what is before and after it, `\1` to `\9` nothing.
  private static func append(
    _ replacement: [UInt8],
    for match: Range<Int>,
    of text: [UInt8],
    to result: inout [UInt8]
  ) {
    var index = 0
    while index < replacement.count {
      let byte = replacement[index]
      guard byte == UInt8(ascii: "\\"), index + 1 < replacement.count else {
        result.append(byte)
        index += 1
        continue
      }
      switch replacement[index + 1] {
      case UInt8(ascii: "\\"): result.append(byte)
      case UInt8(ascii: "0"), UInt8(ascii: "&"): result += text[match]
      case UInt8(ascii: "`"): result += text[..<match.lowerBound]
      case UInt8(ascii: "'"): result += text[match.upperBound...]
      case UInt8(ascii: "1")...UInt8(ascii: "9"): break
      case let other: result += [byte, other]
      }
      index += 2
    }
  }

  private func check(_ bytes: [UInt8]) throws(Fault) {
    if bytes.count > bytesMax {
      throw Fault(.limit, "a text grows beyond \(bytesMax) bytes")
    }
  }
}
