public import Settings

/// Settings that do not fit the columns of a result.
public struct ComposerError: Error, CustomStringConvertible {
  /// What is wrong.
  public let message: String
  /// Where it was written.
  public let location: SourceLocation?
  /// What might have been meant.
  public let hint: String?

  /// Creates an error.
  public init(_ message: String, at location: SourceLocation?, hint: String? = nil) {
    self.message = message
    self.location = location
    self.hint = hint
  }

  /// The message.
  public var description: String { message }
}
