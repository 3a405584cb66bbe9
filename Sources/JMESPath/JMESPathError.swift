/// Why an expression cannot be compiled, or fails on a value.
public struct JMESPathError: Error, Sendable, CustomStringConvertible {
  /// The kinds of errors that the specification of JMESPath names, and one of our own.
  public enum Code: String, Sendable {
    /// The text is not an expression.
    case syntax
    /// A function that does not exist.
    case unknownFunction = "unknown-function"
    /// A function with too few or too many arguments.
    case invalidArity = "invalid-arity"
    /// An argument of the wrong type.
    case invalidType = "invalid-type"
    /// A value that cannot be, such as a slice with a step of zero.
    case invalidValue = "invalid-value"
    /// More nesting, work or output than an expression may have.
    case limit
  }

  /// What kind of error it is.
  public let code: Code
  /// How many Unicode scalars of the expression stand before the place.
  public let offset: Int
  /// Line of the place, from 1.
  public let line: Int
  /// Column of the place in Unicode scalars, from 1.
  public let column: Int
  /// What is wrong.
  public let message: String
  /// What might have been meant.
  public let hint: String?

  /// Places an error at the byte `byte` of `source`.
  init(_ code: Code, _ message: String, at byte: Int, of source: String, hint: String? = nil) {
    var (offset, line, column) = (0, 1, 1)
    for byte in source.utf8.prefix(byte) where byte & 0xC0 != 0x80 {
      offset += 1
      column += 1
      if byte == UInt8(ascii: "\n") { (line, column) = (line + 1, 1) }
    }
    self.code = code
    self.offset = offset
    self.line = line
    self.column = column
    self.message = message
    self.hint = hint
  }

  /// The message with its place.
  public var description: String { "\(message) at line \(line), column \(column)" }
}
