public import Settings

/// Settings that do not fit the columns of a result.
public struct ComposerError: Error, CustomStringConvertible {
  /// What is wrong.
  public let message: String
  /// Where it was written.
  public let location: SourceLocation?
  /// What might have been meant.
  public let hint: String?
  /// The template's line and how many characters of it stand before the place, nil without one.
  public let line: (text: String, offset: Int)?
  /// What else does not fit, in the order in which it was found.
  public private(set) var others: [ComposerError] = []

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

  /// All of `errors` as one, each place once; nil if there are none.
  init?(all errors: [ComposerError]) {
    var told: [ComposerError] = []
    for error in errors.flatMap({ [$0] + $0.others }) {
      let isTold = told.contains { $0.location == error.location && $0.message == error.message }
      if !isTold { told.append(error) }
    }
    guard var first = told.first else { return nil }
    first.others = told.dropFirst().map { error in
      var error = error
      error.others = []
      return error
    }
    self = first
  }

  /// The message.
  public var description: String { message }
}
