internal import Text
public import Values

/// Reads JSON into values.
///
/// Numbers keep their digits, objects the order of their members; of members with one name the last
/// counts. Escapes of lone surrogates become U+FFFD, because a string cannot hold them.
public struct JSONParser: Sendable {
  /// What a number with a fraction or an exponent becomes.
  public enum Fractions: Sendable {
    /// A decimal, digit for digit.
    case exact
    /// A binary float.
    case floats
  }

  private let scanner: JSONScanner
  private let fractions: Fractions

  /// Creates a parser that lets arrays and objects nest up to `depthMax` deep, 512 at most.
  public init(depthMax: Int = 512, fractions: Fractions = .exact) {
    scanner = JSONScanner(depthMax: min(depthMax, 512))
    self.fractions = fractions
  }

  /// Reads one value; the whole of `text` must be it.
  ///
  /// Throws with the place of the first byte that cannot belong to one.
  public func parse(_ text: UnsafeRawBufferPointer) throws(JSONError) -> Value {
    try scanner.validate(text)
    var reader = JSONReader(text: text, fractions: fractions)
    return reader.value()
  }

  /// Reads one value; the whole of `text` must be it.
  ///
  /// Throws with the place of the first byte that cannot belong to one.
  public func parse(_ text: String) throws(JSONError) -> Value {
    var text = text
    var result: Result<Value, JSONError> = .success(.null)
    text.withUTF8 { bytes in
      do throws(JSONError) {
        result = .success(try parse(UnsafeRawBufferPointer(bytes)))
      } catch {
        result = .failure(error)
      }
    }
    return try result.get()
  }
}

/// Takes apart a text that the scanner has found valid; reads nothing beyond its end in any case.
struct JSONReader {
  let text: UnsafeRawBufferPointer
  let fractions: JSONParser.Fractions
  var position = 0

  mutating func value() -> Value {
    skipSpace()
    switch peek() {
    case UInt8(ascii: "{"): return object()
    case UInt8(ascii: "["): return array()
    case UInt8(ascii: "\""): return .string(string())
    case UInt8(ascii: "t"):
      position += 4
      return .bool(true)
    case UInt8(ascii: "f"):
      position += 5
      return .bool(false)
    case UInt8(ascii: "n"):
      position += 4
      return .null
    default: return number()
    }
  }

  private mutating func object() -> Value {
    var object = Object()
    position += 1
    skipSpace()
    while let next = peek(), next != UInt8(ascii: "}") {
      let key = string()
      skipSpace()
      position += 1
      object[key] = value()
      skipSeparator()
    }
    position += 1
    return .object(object)
  }

  private mutating func array() -> Value {
    var items: [Value] = []
    position += 1
    skipSpace()
    while let next = peek(), next != UInt8(ascii: "]") {
      items.append(value())
      skipSeparator()
    }
    position += 1
    return .array(items)
  }

  private mutating func skipSeparator() {
    skipSpace()
    if peek() == UInt8(ascii: ",") {
      position += 1
      skipSpace()
    }
  }

  private mutating func number() -> Value {
    let start = position
    while let byte = peek(), byte &- 48 <= 9 || "+-.eE".utf8.contains(byte) { position += 1 }
    if position == start { position += 1 }
    let end = min(position, text.count)
    let digits = String(
      decoding: UnsafeRawBufferPointer(rebasing: text[min(start, end)..<end]),
      as: UTF8.self
    )
    let number = Value.number(digits) ?? .null
    guard fractions == .floats, case .decimal(let decimal) = number else { return number }
    return digits == "-0" ? .integer(0) : .float(decimal.double)
  }

  /// Reads the string at whose opening quote the reader stands.
  private mutating func string() -> String {
    position += 1
    let start = position
    while let byte = peek(), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
      position += 1
    }
    if peek() == UInt8(ascii: "\"") {
      let plain = UnsafeRawBufferPointer(rebasing: text[start..<position])
      position += 1
      return String(decoding: plain, as: UTF8.self)
    }
    position = start
    return stringWithEscapes()
  }

  private mutating func stringWithEscapes() -> String {
    var units: [UInt8] = []
    while let byte = peek(), byte != UInt8(ascii: "\"") {
      position += 1
      if byte == UInt8(ascii: "\\") {
        units.append(contentsOf: String(escaped()).utf8)
      } else {
        units.append(byte)
      }
    }
    position += 1
    return String(decoding: units, as: UTF8.self)
  }

  private mutating func escaped() -> Unicode.Scalar {
    let byte = peek() ?? 0
    position += 1
    switch byte {
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return unicodeEscape()
    default: return Unicode.Scalar(byte)
    }
  }

  private mutating func unicodeEscape() -> Unicode.Scalar {
    let high = hexadecimal(at: position) ?? 0xFFFD
    position += 4
    guard (0xD800...0xDBFF).contains(high) else { return Unicode.Scalar(high) ?? "\u{FFFD}" }
    guard peek() == UInt8(ascii: "\\"), position + 1 < text.count,
      text[position + 1] == UInt8(ascii: "u"), let low = hexadecimal(at: position + 2),
      (0xDC00...0xDFFF).contains(low)
    else { return "\u{FFFD}" }
    position += 6
    return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
  }

  private func hexadecimal(at start: Int) -> UInt32? {
    guard start + 4 <= text.count else { return nil }
    var code: UInt32 = 0
    for byte in text[start..<start + 4] {
      guard let digit = Hexadecimal.value(byte) else { return nil }
      code = code << 4 | UInt32(digit)
    }
    return code
  }

  private func peek() -> UInt8? { position < text.count ? text[position] : nil }

  private mutating func skipSpace() {
    while let byte = peek(), byte <= 0x20 { position += 1 }
  }
}
