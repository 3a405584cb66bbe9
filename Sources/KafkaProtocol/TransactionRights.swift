/// What a user may do of what `exactly_once` needs; nil if the broker does not tell.
public struct TransactionRights: Sendable, Hashable {
  /// The right to write to the transactional id.
  public var writesID: Bool?
  /// The right to read the group, which committing its offsets asks for.
  public var readsGroup: Bool?

  /// Nothing is known.
  public init(writesID: Bool? = nil, readsGroup: Bool? = nil) {
    self.writesID = writesID
    self.readsGroup = readsGroup
  }
}
