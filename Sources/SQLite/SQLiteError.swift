/// An error reported by SQLite.
public struct SQLiteError: Error, Hashable, CustomStringConvertible {
  /// What kind of trouble it is.
  public enum Code: Sendable, Hashable {
    /// The file is not there or cannot be opened.
    case cannotOpen
    /// Somebody else holds a lock for longer than the busy timeout.
    case busy
    /// The file may not be written.
    case readOnly
    /// The file is not a database, or it is damaged.
    case damaged
    /// No room is left on the disk.
    case diskFull
    /// The operating system failed to read or write.
    case inputOutput
    /// The statement was interrupted.
    case interrupted
    /// The statement is wrong, or is refused.
    case statement
    /// Anything else.
    case other
  }

  /// What kind of trouble it is.
  public let code: Code
  /// SQLite's extended result code.
  public let extendedCode: Int32
  /// What SQLite said.
  public let message: String
  /// Where in the statement, in bytes from its start; nil where SQLite does not say.
  public let offset: Int?

  /// `sqlite: ` and the message.
  public var description: String { "sqlite: \(message)" }

  /// Creates an error.
  public init(code: Code, extendedCode: Int32 = 1, message: String, offset: Int? = nil) {
    self.code = code
    self.extendedCode = extendedCode
    self.message = message
    self.offset = offset
  }
}
