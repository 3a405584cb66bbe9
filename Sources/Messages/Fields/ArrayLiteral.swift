internal import Text

/// Reads a Postgres array as it is written: `{1,NULL,"a b",{…}}`, with bounds in front or not.
///
/// Source: Postgres 15 documentation, "8.15.6. Array Input and Output Syntax".
struct ArrayLiteral {
  /// What comes next.
  enum Token: Equatable {
    /// `[`, `]` or `,` of the JSON array.
    case punctuation(UInt8)
    /// NULL.
    case null
    /// An element, which is in the caller's buffer.
    case element
  }

  /// What was read last, which says what may follow.
  private enum Place {
    case opening, delimiter, element
  }

  private let delimiter: UInt8
  private var position = 0
  private var depth = 0
  private var hasBegun = false
  private var place = Place.opening

  /// Whether the array was read to its end.
  private(set) var isComplete = false

  init(delimiter: UInt8) {
    self.delimiter = delimiter
  }

  /// The next token of `text`; nil at the end, or if the text is not an array.
  mutating func next(in text: UnsafeRawBufferPointer, element: inout ByteBuffer) -> Token? {
    if !hasBegun {
      hasBegun = true
      // `[2:4]={…}` says where the indexes start, which JSON cannot.
      if text.first == UInt8(ascii: "[") {
        position = (text.firstIndex(of: UInt8(ascii: "=")) ?? text.count - 1) + 1
      }
    }
    guard position < text.count, !isComplete else { return nil }
    let byte = text[position]
    let isPunctuation = byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}") || byte == delimiter
    if isPunctuation { position += 1 }
    switch byte {
    case UInt8(ascii: "{") where place != .element:
      depth += 1
      place = .opening
      return .punctuation(UInt8(ascii: "["))
    case UInt8(ascii: "}") where place != .delimiter && depth > 0:
      depth -= 1
      place = .element
      isComplete = depth == 0 && position == text.count
      return .punctuation(UInt8(ascii: "]"))
    case delimiter where place == .element && depth > 0:
      place = .delimiter
      return .punctuation(UInt8(ascii: ","))
    default:
      guard !isPunctuation, place != .element, depth > 0 else { return nil }
      place = .element
      return byte == UInt8(ascii: "\"") ? quoted(text, &element) : plain(text, &element)
    }
  }

  private mutating func quoted(
    _ text: UnsafeRawBufferPointer,
    _ element: inout ByteBuffer
  ) -> Token? {
    element.removeAll()
    position += 1
    while position < text.count {
      if text[position] == UInt8(ascii: "\"") {
        position += 1
        return .element
      }
      if text[position] == UInt8(ascii: "\\") { position += 1 }
      if position < text.count { element.append(text[position]) }
      position += 1
    }
    return nil
  }

  private mutating func plain(
    _ text: UnsafeRawBufferPointer,
    _ element: inout ByteBuffer
  ) -> Token? {
    element.removeAll()
    while position < text.count, text[position] != delimiter, text[position] != UInt8(ascii: "}") {
      if text[position] == UInt8(ascii: "\\") { position += 1 }
      if position < text.count { element.append(text[position]) }
      position += 1
    }
    return element.bytes.elementsEqual("NULL".utf8) ? .null : .element
  }
}
