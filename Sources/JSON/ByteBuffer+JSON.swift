public import Text
public import Values

/// What becomes of bytes that are not UTF-8 where text is written.
public enum InvalidUTF8: Sendable {
  /// Each faulty byte becomes U+FFFD.
  case replace
  /// Writing stops and is reported.
  case refuse
}

extension ByteBuffer {
  /// Appends `text` as a JSON string in quotes.
  ///
  /// `text` must not lie in this buffer. False if it is not UTF-8 and `invalid` says `refuse`:
  /// the buffer is then as it was.
  @discardableResult
  public mutating func append(
    quoted text: UnsafeRawBufferPointer,
    invalid: InvalidUTF8 = .replace
  ) -> Bool {
    let start = count
    append(UInt8(ascii: "\""))
    guard append(escaped: text, invalid: invalid) else {
      truncate(to: start)
      return false
    }
    append(UInt8(ascii: "\""))
    return true
  }

  /// Appends `text` as a JSON string in quotes.
  @inline(__always) public mutating func append(quoted text: String) {
    withBytes(of: text) { $1.append(quoted: $0) }
  }

  /// Appends `text` as it stands inside the quotes of a JSON string.
  public mutating func append(escaped text: String) {
    withBytes(of: text) { $1.append(escaped: $0) }
  }

  /// Appends `text` as it stands inside the quotes of a JSON string.
  ///
  /// Quotes, backslashes and control characters are escaped, nothing else. `text` must not lie in
  /// this buffer. False if it is not UTF-8 and `invalid` says `refuse`: the buffer is then as it
  /// was.
  @discardableResult
  public mutating func append(
    escaped text: UnsafeRawBufferPointer,
    invalid: InvalidUTF8 = .replace
  ) -> Bool {
    guard let start = text.baseAddress, text.count > 0 else { return true }
    let before = count
    reserve(text.count)
    var run = 0
    var position = 0
    while position < text.count {
      position = start.plainEnd(from: position, count: text.count)
      guard position < text.count else { break }
      let byte = start.load(fromByteOffset: position, as: UInt8.self)
      if byte >= 0x80 {
        let length = UTF8Text.sequenceLength(UnsafeRawBufferPointer(rebasing: text[position...]))
        if length > 0 {
          position += length
          continue
        }
        if invalid == .refuse {
          truncate(to: before)
          return false
        }
      }
      append(UnsafeRawBufferPointer(start: start + run, count: position - run))
      append(escapeOf: byte)
      position += 1
      run = position
    }
    append(UnsafeRawBufferPointer(start: start + run, count: text.count - run))
    return true
  }

  /// Calls `body` with the UTF-8 of `text`, where it lies if it can.
  // Inlined, so that `text` is not retained once more.
  @inline(__always) private mutating func withBytes(
    of text: String,
    _ body: (UnsafeRawBufferPointer, inout ByteBuffer) -> Bool
  ) {
    let isDone: Void? = text.utf8.withContiguousStorageIfAvailable {
      _ = body(UnsafeRawBufferPointer($0), &self)
    }
    if isDone == nil { Array(text.utf8).withUnsafeBytes { _ = body($0, &self) } }
  }

  private mutating func append(escapeOf byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): append("\\\"")
    case UInt8(ascii: "\\"): append("\\\\")
    case 0x08: append("\\b")
    case 0x0C: append("\\f")
    case 0x0A: append("\\n")
    case 0x0D: append("\\r")
    case 0x09: append("\\t")
    case 0x80...: append("\u{FFFD}" as StaticString)
    default:
      append("\\u00")
      append(UInt8(ascii: "0") + byte >> 4)
      let low = byte & 0xF
      append(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
    }
  }
}

extension ByteBuffer {
  /// Appends `value` as compact JSON.
  ///
  /// Numbers as they were written, floats in the shortest form that reads back the same, NaN and
  /// the infinities as strings. Values nested deeper than 4096 levels are cut off with null, so
  /// that no value exhausts the stack; `depth` is how many levels the value itself lies in.
  public mutating func append(json value: Value, depth: Int = 0) {
    withUnsafePointer(to: value) { append(jsonAt: $0, depth: depth) }
  }

  /// Appends the value at `value` as compact JSON, as `append(json:depth:)` does.
  public mutating func append(jsonAt value: UnsafePointer<Value>, depth: Int) {
    switch value.pointee {
    case .null: append("null")
    case .bool(let flag): append(flag ? "true" : "false")
    case .integer(let integer): append(integer: integer)
    case .bigInteger(let integer): append(integer.description)
    case .decimal(let decimal): append(decimal.text)
    case .float(let float): append(jsonFloat: float)
    case .string(let text): append(quoted: text)
    case .array(let items):
      guard depth < JSONScanner.depthLimit else { return append("null") }
      items.withUnsafeBufferPointer { append(items: $0, depth: depth + 1) }
    case .object(let object):
      guard depth < JSONScanner.depthLimit else { return append("null") }
      append(members: object, depth: depth + 1)
    }
  }

  private mutating func append(items: UnsafeBufferPointer<Value>, depth: Int) {
    append(UInt8(ascii: "["))
    if let base = items.baseAddress {
      for index in 0..<items.count {
        if index > 0 { append(UInt8(ascii: ",")) }
        append(jsonAt: base + index, depth: depth)
      }
    }
    append(UInt8(ascii: "]"))
  }

  private mutating func append(members object: Object, depth: Int) {
    append(UInt8(ascii: "{"))
    for index in 0..<object.count {
      if index > 0 { append(UInt8(ascii: ",")) }
      let member = object[at: index]
      append(quoted: member.key)
      append(UInt8(ascii: ":"))
      append(json: member.value, depth: depth)
    }
    append(UInt8(ascii: "}"))
  }

  /// Appends `integer` in decimal.
  ///
  /// Not generic: this is the inner loop of messages, where a specialised call counts.
  public mutating func append(integer: Int) {
    var magnitude = UInt64(integer.magnitude)
    if integer < 0 { append(UInt8(ascii: "-")) }
    if magnitude < 10 { return append(UInt8(48 + magnitude)) }
    var digits = 1
    var limit: UInt64 = 10
    while digits < 19, magnitude >= limit {
      digits += 1
      limit &*= 10
    }
    if digits == 19, magnitude >= 10_000_000_000_000_000_000 { digits = 20 }
    append(upTo: 20) { room in
      var position = digits
      while position > 0 {
        position -= 1
        room[position] = UInt8(truncatingIfNeeded: 48 + magnitude % 10)
        magnitude /= 10
      }
      return digits
    }
  }

  /// Appends `float` in the shortest JSON form that reads back the same.
  public mutating func append(jsonFloat float: Double) {
    if float.isFinite {
      append(float.description)
    } else if float.isNaN {
      append("\"NaN\"")
    } else {
      append(float < 0 ? "\"-Infinity\"" : "\"Infinity\"")
    }
  }
}
