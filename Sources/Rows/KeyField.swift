internal import Bytes

/// A column of the primary key in a line, and how its value is taken from its text.
///
/// A key is compared by value: numbers as numbers and anything else as its text. So 1, 1.0 and, in
/// SQLite, '1' are one key.
public struct KeyField: Sendable, Hashable {
  /// What the text of a field means for its value.
  public enum Form: Sendable, Hashable {
    /// The text is the value.
    case text
    /// A decimal number.
    case number
    /// SQLite: the letter of its storage class is first. With `readsText` a text that writes a
    /// number is that number: the user said that the column holds numbers.
    case stored(readsText: Bool)
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
      form = .stored(readsText: isNumber)
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
    case .stored(readsText: false) where field.first == UInt8(ascii: "t"):
      return UnsafeRawBufferPointer(rebasing: field.dropFirst())
    case .stored, .number: return nil
    }
  }

  /// Appends its value.
  func append(_ field: UnsafeRawBufferPointer, to output: inout ByteBuffer) {
    if let plain = plainValue(field) { return output.append(plain) }
    switch form {
    case .text, .number: CanonicalNumber.append(field, to: &output)
    case .stored:
      if field.first == UInt8(ascii: "b") {
        // No text begins so: a backslash in it is escaped.
        output.append("\\x")
        output.append(UnsafeRawBufferPointer(rebasing: field.dropFirst()))
      } else {
        CanonicalNumber.append(UnsafeRawBufferPointer(rebasing: field.dropFirst()), to: &output)
      }
    }
  }
}
