/// Why one row cannot be made a message.
///
/// A row's own failure: the others of its batch go on.
public struct Rejection: Error, Hashable {
  /// What is wrong and where, without values of the row.
  public let reason: String

  /// Creates a rejection.
  public init(_ reason: String) {
    self.reason = reason
  }
}
