internal import Text

/// A column of the primary key in a line, and how its value is taken from its text.
///
/// A key is compared by value: numbers as numbers and anything else as its text. So 1, 1.0 and, in
/// SQLite, '1' are one key. Values that are written alike in a message's key are one value: in
/// SQLite also the number 1.0 and the text '1.0', and a blob and the text of its bytes. Otherwise the
/// null value of one row would erase the message of the other.
public struct KeyField: Sendable, Hashable {
  /// What the text of a field means for its value.
  public enum Form: Sendable, Hashable {
    /// The text is the value.
    case text
    /// A decimal number.
    case number
    /// SQLite: the letter of its storage class is first.
    case stored(Reading)
  }

  /// How SQLite's values are taken.
  public enum Reading: Sendable, Hashable {
    /// By their storage classes; a text that is written as SQLite's numbers are is that number.
    case byClass
    /// A text that writes a number in any way is that number: the user said that the column holds
    /// numbers.
    case asNumbers
    /// Everything is text: the user said so.
    case asText
  }

  /// Index in the line.
  public var index: Int
  /// What its text means.
  public var form: Form

  /// Names a field.
  public init(index: Int, form: Form = .text) {
    self.index = index
    self.form = form
  }

  /// Names a field of a line in `dialect`, whose column has the type `stored`, for a comparison
  /// with a result whose column has the type `type`.
  public init(
    index: Int,
    stored: ColumnType,
    _ dialect: Shape.Dialect,
    comparedWith type: ColumnType
  ) {
    let isNumber = type.isNumber || (type.kind == .dynamic && stored.isNumber)
    self.index = index
    if dialect == .sqlite {
      let isText = type.kind == .text && type.isCast
      form = .stored(isNumber ? .asNumbers : isText ? .asText : .byClass)
    } else {
      // Postgres writes an integer in one way only.
      let isOneText = stored.kind == .integer && !stored.isCast
      form = isNumber && !isOneText ? .number : .text
    }
  }

  /// The bytes that are its value if they can be told without rewriting them.
  @inline(__always) func plainValue(
    _ field: UnsafeRawBufferPointer
  ) -> UnsafeRawBufferPointer? {
    switch form {
    case .text: return field
    case .stored where field.first == UInt8(ascii: "i"):
      return UnsafeRawBufferPointer(rebasing: field.dropFirst())
    case .stored(.byClass) where field.first == UInt8(ascii: "t"):
      let text = UnsafeRawBufferPointer(rebasing: field.dropFirst())
      return Self.mayBeReal(text) ? nil : text
    case .stored, .number: return nil
    }
  }

  /// Whether `text` may be written as SQLite's reals are, which have a point or an exponent.
  ///
  /// Only those with `.0` or an exponent at their end have another value than their text.
  @inline(__always) private static func mayBeReal(_ text: UnsafeRawBufferPointer) -> Bool {
    guard let last = text.last, CanonicalNumber.isDigit(last), text.count > 2 else { return false }
    if last == UInt8(ascii: "0"), text[text.count - 2] == UInt8(ascii: ".") { return true }
    // Swift writes two digits of an exponent at least, and its sign.
    for distance in 3...5 where distance < text.count {
      let sign = text[text.count - distance]
      if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
        return text[text.count - distance - 1] == UInt8(ascii: "e")
      }
    }
    return false
  }

  /// Appends its value.
  func append(_ field: UnsafeRawBufferPointer, to output: inout ByteBuffer) {
    if let plain = plainValue(field) { return output.append(plain) }
    switch form {
    case .text, .number: CanonicalNumber.append(field, to: &output)
    case .stored(let reading):
      let value = UnsafeRawBufferPointer(rebasing: field.dropFirst())
      guard field.first == UInt8(ascii: "b") else {
        return Self.append(value, isText: field.first == UInt8(ascii: "t"), reading, to: &output)
      }
      Self.append(blob: value, reading, to: &output)
    }
  }

  /// Appends a blob as the text of its bytes.
  private static func append(
    blob digits: UnsafeRawBufferPointer,
    _ reading: Reading,
    to output: inout ByteBuffer
  ) {
    let start = output.count
    CopyText.escape(hexadecimal: digits, into: &output)
    guard isNumber(output.bytes(start..<output.count), isText: true, reading) else { return }
    let number = Array(output.bytes(start..<output.count))
    output.truncate(to: start)
    number.withUnsafeBytes { CanonicalNumber.append($0, to: &output) }
  }

  /// Appends a value without the letter of its class.
  private static func append(
    _ value: UnsafeRawBufferPointer,
    isText: Bool,
    _ reading: Reading,
    to output: inout ByteBuffer
  ) {
    if isNumber(value, isText: isText, reading) {
      CanonicalNumber.append(value, to: &output)
    } else {
      output.append(value)
    }
  }

  private static func isNumber(
    _ value: UnsafeRawBufferPointer,
    isText: Bool,
    _ reading: Reading
  ) -> Bool {
    switch reading {
    case .byClass: !isText || mayBeReal(value) && CanonicalNumber.isPlain(value)
    case .asNumbers: true
    case .asText: false
    }
  }
}
