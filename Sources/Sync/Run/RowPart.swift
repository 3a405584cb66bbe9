/// Which rows of a result a backfill sends again.
public struct RowPart: Sendable, Hashable {
  /// A condition of SQL about the result of the model; nil for every row.
  public var condition: String?
  /// Primary keys, columns separated by commas or as JSON arrays; empty for every row.
  public var keys: [String]
  /// Whether only rows are sent whose message is another than the one that was sent.
  public var changedMessages: Bool
  /// How somebody types the same, as in `--where 'id > 5'`.
  public var typed: String

  /// Describes a part.
  public init(condition: String?, keys: [String], changedMessages: Bool = false, typed: String) {
    self.condition = condition
    self.keys = keys
    self.changedMessages = changedMessages
    self.typed = typed
  }
}
