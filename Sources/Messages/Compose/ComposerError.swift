public import Settings

/// Settings that do not fit the columns of a result.
public struct ComposerError: GroupedError, CustomStringConvertible {
  /// What is wrong.
  public let message: String
  /// Where it was written.
  public let location: SourceLocation?
  /// What might have been meant.
  public let hint: String?
  /// The template's line and how many characters of it stand before the place, nil without one.
  public let line: (text: String, offset: Int)?
  /// What else does not fit, in the order in which it was found.
  public var others: [ComposerError] = []

  /// Creates an error.
  public init(
    _ message: String,
    at location: SourceLocation?,
    hint: String? = nil,
    line: (text: String, offset: Int)? = nil
  ) {
    self.message = message
    self.location = location
    self.hint = hint
    self.line = line
  }

  /// The message.
  public var description: String { message }
}
