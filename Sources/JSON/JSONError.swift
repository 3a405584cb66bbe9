/// Why a text is not JSON, and where.
public struct JSONError: Error, Sendable, Equatable {
  /// What kind of fault it is.
  public enum Code: Sendable, Equatable {
    /// The text ends too early.
    case unexpectedEnd
    /// A byte that has no place there.
    case unexpectedByte
    /// A number against the grammar.
    case badNumber
    /// A backslash in a string without a known escape.
    case badEscape
    /// A control character in a string.
    case controlCharacter
    /// Bytes that are not UTF-8.
    case invalidUTF8
    /// Arrays and objects nested deeper than allowed.
    case tooDeep
  }

  /// What kind of fault it is.
  public let code: Code

  /// Where the fault begins, in bytes from the start of the text.
  public let offset: Int

  /// The line of the fault, from 1.
  public let line: Int

  /// The column of the fault in characters, from 1.
  public let column: Int

  /// What was wrong, in words, without the position.
  public let reason: String

  init(_ code: Code, at offset: Int, in text: UnsafeRawBufferPointer, _ reason: String) {
    self.code = code
    self.offset = offset
    self.reason = reason
    var line = 1
    var column = 1
    for byte in text.prefix(offset) {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    self.line = line
    self.column = column
  }
}

extension JSONError: CustomStringConvertible {
  /// Reason and position in one line.
  public var description: String { "\(reason) at line \(line), column \(column)" }
}
