internal import JSON

/// Why one row cannot be made a message.
///
/// A row's own failure: the others of its batch are delivered.
public struct Rejection: Error, Hashable {
  /// What is wrong and where, the same for every row with this fault, without values of the row.
  public let reason: String
  /// What differs from row to row, such as a place in its output; nil if nothing does.
  public let detail: String?

  /// Reason and detail.
  public var text: String { detail.map { "\(reason) (\($0))" } ?? reason }

  /// Creates a rejection.
  public init(_ reason: String, detail: String? = nil) {
    self.reason = reason
    self.detail = detail
  }

  /// Tells what is wrong with the JSON of `text`, such as "the output".
  init(_ subject: String, _ error: JSONError, of text: String) {
    let place = "line \(error.line), column \(error.column) of \(text)"
    self.init("\(subject): \(error.reason)", detail: place)
  }

  /// The same, said of `subject`.
  func of(_ subject: String) -> Rejection {
    Rejection("\(subject): \(reason)", detail: detail)
  }
}
