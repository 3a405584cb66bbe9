internal import Text
internal import JSON
internal import Rows
internal import Values

/// Writes fields of records as JSON or as plain text.
///
/// Keeps scratch memory; used by one owner at a time. The fields are escaped as in COPY text.
struct FieldWriter: ~Copyable {
  private var scratch = ByteBuffer()
  private var literal = ByteBuffer()
  private var element = ByteBuffer()
  private var escapedElement = ByteBuffer()
  private let scanner = JSONScanner()

  /// Appends the JSON of `field`.
  mutating func appendJSON(
    _ field: UnsafeRawBufferPointer,
    _ form: FieldForm,
    to output: inout ByteBuffer
  ) throws(Rejection) {
    if field.isNullField { return output.append("null") }
    switch form {
    case .integer: output.append(field)
    case .text: try appendQuoted(copyText: field, to: &output)
    case .boolean: output.append(field.first == UInt8(ascii: "t") ? "true" : "false")
    case .number: Self.appendNumber(field, to: &output)
    case .timestamp: DateTimeText.append(timestamp: field, to: &output)
    case .date: DateTimeText.append(date: field, to: &output)
    case .json: try appendEmbedded(field, to: &output)
    case .bytes: try appendBase64(hexadecimal: field.dropFirst(3), to: &output)
    case .array(let element, let delimiter):
      try appendArray(field, FieldForm(postgres: element), delimiter: delimiter, to: &output)
    case .dynamic: try appendDynamic(field, to: &output)
    case .cast(let kind, let hasStorageClass):
      try appendCast(field, kind, hasStorageClass: hasStorageClass, to: &output)
    }
  }

  /// Appends what a key, topic or header holds: the JSON text without quotes, bytes as they are.
  ///
  /// NULL appends nothing; ask for it before.
  mutating func appendText(
    _ field: UnsafeRawBufferPointer,
    _ form: FieldForm,
    to output: inout ByteBuffer
  ) throws(Rejection) {
    if field.isNullField { return }
    switch form {
    case .integer: output.append(field)
    case .text: try appendPlain(copyText: field, to: &output)
    case .bytes: try Self.appendBytes(hexadecimal: field.dropFirst(3), to: &output)
    case .dynamic where field.first == UInt8(ascii: "t"):
      try appendPlain(copyText: UnsafeRawBufferPointer(rebasing: field.dropFirst()), to: &output)
    case .dynamic where field.first == UInt8(ascii: "b"):
      try Self.appendBytes(hexadecimal: field.dropFirst(), to: &output)
    case .cast(.bytes, let hasStorageClass):
      _ = try readStored(field, hasStorageClass: hasStorageClass)
      output.append(scratch.bytes)
    default: try appendUnquoted(field, form, to: &output)
    }
  }

  /// By way of JSON: a string is taken out of its quotes.
  private mutating func appendUnquoted(
    _ field: UnsafeRawBufferPointer,
    _ form: FieldForm,
    to output: inout ByteBuffer
  ) throws(Rejection) {
    let start = output.count
    try appendJSON(field, form, to: &output)
    guard output[start] == UInt8(ascii: "\"") else { return }
    let text = output.bytes(start..<output.count)
    guard case .string(let value)? = try? JSONParser().parse(text) else {
      throw Rejection("its text is not valid JSON")
    }
    output.truncate(to: start)
    output.append(value)
  }

  static func appendNumber(_ field: UnsafeRawBufferPointer, to output: inout ByteBuffer) {
    // NaN, Infinity and -Infinity are the only ones that end with a letter.
    guard let last = field.last, last > UInt8(ascii: "9") else { return output.append(field) }
    output.append(UInt8(ascii: "\""))
    output.append(field)
    output.append(UInt8(ascii: "\""))
  }

  /// COPY's escapes are JSON's, except for `\v`; so most bytes are copied as they are.
  func appendQuoted(
    copyText field: UnsafeRawBufferPointer,
    to output: inout ByteBuffer
  ) throws(Rejection) {
    let plain = field.baseAddress.map { $0.plainEnd(from: 0, count: field.count) } ?? 0
    if plain == field.count { return output.append(field, between: UInt8(ascii: "\"")) }
    output.append(UInt8(ascii: "\""))
    if let base = field.baseAddress {
      var run = 0
      var position = plain
      while position < field.count {
        let byte = field[position]
        var length = 1
        if byte >= 0x80 {
          length = UTF8Text.sequenceLength(UnsafeRawBufferPointer(rebasing: field[position...]))
          if length == 0 { throw .notUTF8 }
        } else if byte == UInt8(ascii: "\\"), position + 1 < field.count,
          Self.isJSONEscape(field[position + 1])
        {
          length = 2
        } else {
          output.append(UnsafeRawBufferPointer(rebasing: field[run..<position]))
          length = Self.appendEscape(field, position, to: &output)
          run = position + length
        }
        position = base.plainEnd(from: position + length, count: field.count)
      }
      output.append(UnsafeRawBufferPointer(rebasing: field[run...]))
    }
    output.append(UInt8(ascii: "\""))
  }

  /// Whether a backslash and `letter` mean the same in COPY text and in JSON.
  @inline(__always) private static func isJSONEscape(_ letter: UInt8) -> Bool {
    switch letter {
    case UInt8(ascii: "\\"), UInt8(ascii: "n"), UInt8(ascii: "t"), UInt8(ascii: "r"),
      UInt8(ascii: "b"), UInt8(ascii: "f"):
      true
    default: false
    }
  }

  /// Appends what neither may stand in JSON as it is nor is escaped alike, and says its length.
  private static func appendEscape(
    _ field: UnsafeRawBufferPointer,
    _ position: Int,
    to output: inout ByteBuffer
  ) -> Int {
    var byte = field[position]
    var length = 1
    if byte == UInt8(ascii: "\\") {
      // A backslash before nothing, or before what no database escapes, is dropped.
      guard position + 1 < field.count, field[position + 1] < 0x80 else { return 1 }
      byte = CopyText.byte(escapedAs: field[position + 1])
      length = 2
    }
    withUnsafeBytes(of: byte) { _ = output.append(escaped: $0) }
    return length
  }

  private func appendPlain(
    copyText field: UnsafeRawBufferPointer,
    to output: inout ByteBuffer
  ) throws(Rejection) {
    let start = output.count
    CopyText.unescape(field, into: &output)
    if !isUTF8(output.bytes(start..<output.count)) { throw .notUTF8 }
  }

  /// Compacts JSON that a column holds.
  ///
  /// Postgres has checked it, so that a short one of plain bytes only has spaces to lose. One that may
  /// be nested too deep (each level takes two bytes) is looked at, and what Postgres does not check:
  /// whether bytes are UTF-8 if its database knows no encoding.
  private mutating func appendEmbedded(
    _ field: UnsafeRawBufferPointer,
    to output: inout ByteBuffer
  ) throws(Rejection) {
    if (1...(2 * scanner.depthMax)).contains(field.count),
      output.append(withoutUnquotedSpaces: field)
    {
      return
    }
    do {
      if CopyText.firstEscape(in: field) == nil { return try scanner.compact(field, into: &output) }
      scratch.removeAll(keepingUpTo: 1 << 20)
      CopyText.unescape(field, into: &scratch)
      try scanner.compact(scratch.bytes, into: &output)
    } catch {
      throw Rejection("it holds no valid JSON", error, of: "its text")
    }
  }

  private static func appendBytes(
    hexadecimal digits: Slice<UnsafeRawBufferPointer>,
    to output: inout ByteBuffer
  ) throws(Rejection) {
    guard Hexadecimal.decode(UnsafeRawBufferPointer(rebasing: digits), into: &output) else {
      throw Rejection("its bytes are not hexadecimal")
    }
  }

  private mutating func appendBase64(
    hexadecimal digits: Slice<UnsafeRawBufferPointer>,
    to output: inout ByteBuffer
  ) throws(Rejection) {
    scratch.removeAll(keepingUpTo: 1 << 20)
    try Self.appendBytes(hexadecimal: digits, to: &scratch)
    output.append(UInt8(ascii: "\""))
    Base64.append(scratch.bytes, to: &output)
    output.append(UInt8(ascii: "\""))
  }

  private mutating func appendDynamic(
    _ field: UnsafeRawBufferPointer,
    to output: inout ByteBuffer
  ) throws(Rejection) {
    let value = UnsafeRawBufferPointer(rebasing: field.dropFirst())
    switch field.first {
    case UInt8(ascii: "i"): output.append(value)
    case UInt8(ascii: "r"): Self.appendNumber(value, to: &output)
    case UInt8(ascii: "b"): try appendBase64(hexadecimal: field.dropFirst(), to: &output)
    default: try appendQuoted(copyText: value, to: &output)
    }
  }

  private mutating func appendCast(
    _ field: UnsafeRawBufferPointer,
    _ kind: ColumnType.Kind,
    hasStorageClass: Bool,
    to output: inout ByteBuffer
  ) throws(Rejection) {
    let storage = try readStored(field, hasStorageClass: hasStorageClass)
    try Cast.append(scratch.bytes, storage: storage, as: kind, scanner: scanner, to: &output)
  }

  /// Puts the value of a cast column into `scratch`, as the database has it.
  private mutating func readStored(
    _ field: UnsafeRawBufferPointer,
    hasStorageClass: Bool
  ) throws(Rejection) -> Cast.Storage {
    let letter = hasStorageClass ? field.first : UInt8(ascii: "t")
    let value = UnsafeRawBufferPointer(rebasing: field.dropFirst(hasStorageClass ? 1 : 0))
    scratch.removeAll(keepingUpTo: 1 << 20)
    switch letter {
    case UInt8(ascii: "i"):
      scratch.append(value)
      return .integer
    case UInt8(ascii: "r"):
      scratch.append(value)
      return .real
    case UInt8(ascii: "b"):
      try Self.appendBytes(hexadecimal: value[...], to: &scratch)
      return .bytes
    default:
      CopyText.unescape(value, into: &scratch)
      return .text
    }
  }

  private mutating func appendArray(
    _ field: UnsafeRawBufferPointer,
    _ form: FieldForm,
    delimiter: UInt8,
    to output: inout ByteBuffer
  ) throws(Rejection) {
    literal.removeAll(keepingUpTo: 1 << 20)
    CopyText.unescape(field, into: &literal)
    var reader = ArrayLiteral(delimiter: delimiter)
    while let token = reader.next(in: literal.bytes, element: &element) {
      switch token {
      case .punctuation(let byte): output.append(byte)
      case .null: output.append("null")
      case .element:
        escapedElement.removeAll(keepingUpTo: 1 << 20)
        CopyText.escape(element.bytes, into: &escapedElement)
        try appendJSON(escapedElement.bytes, form, to: &output)
      }
    }
    if !reader.isComplete { throw Rejection("its array cannot be read") }
  }
}

extension Rejection {
  static var notUTF8: Rejection { Rejection("its text is not valid UTF-8") }
}

/// Whether `bytes` are UTF-8.
func isUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
  guard let base = bytes.baseAddress else { return true }
  var position = base.plainEnd(from: 0, count: bytes.count)
  while position < bytes.count {
    let length = UTF8Text.sequenceLength(UnsafeRawBufferPointer(rebasing: bytes[position...]))
    if length == 0 { return false }
    position = base.plainEnd(from: position + length, count: bytes.count)
  }
  return true
}
