/// An error in a user's file that may come with others of its kind, so that all are told at once.
public protocol GroupedError: Error {
  /// What is wrong.
  var message: String { get }
  /// Where in the user's files.
  var location: SourceLocation? { get }
  /// What else is wrong, in the order of finding; the others have none themselves.
  var others: [Self] { get set }
}

extension GroupedError {
  /// All of `errors` as one, each said once for its place; nil if there are none.
  public init?(all errors: [Self]) {
    var told: [Self] = []
    for error in errors.flatMap(\.all) {
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

  /// The error and the others.
  public var all: [Self] { [self] + others }
}
