extension SyncSettings {
  /// Why null values of a sync might erase messages of rows that are there.
  public struct NullValueFlaw: Sendable {
    /// The trigger whose key is to blame.
    public let change: Change
    /// What is wrong, for the user.
    public let message: String
    /// The ways out.
    public let hint: String
  }

  /// The triggers under whose keys null values are sent, whether these are checked or not.
  public var nullValueTriggers: [Change] {
    var triggers: [Change] = []
    if removed.isSelected, case .tombstone = removed.body { triggers.append(.removed) }
    // A backfill sends rows that moved as added.
    if onMove == .tombstone, changed.isSelected { triggers += [.changed, .added] }
    return triggers
  }

  /// What is wrong with the keys of null values; nil if nothing is, or if they are not checked.
  ///
  /// `mayHold` tells whether the text of a column may hold a character; without it only what can
  /// never be right is told.
  public func nullValueFlaw(
    primaryKey: [String],
    mayHold: ((String, Character) -> Bool)? = nil
  ) -> NullValueFlaw? {
    if nullValues == .unchecked { return nil }
    for trigger in nullValueTriggers {
      guard let form = self[trigger].key?.value else { continue }
      guard let key = RowKey(form, primaryKey: primaryKey) else {
        return flaw(
          trigger,
          "two rows may have this key, and \(cause(trigger)) would erase the message of the other"
        )
      }
      if let columns = mayHold.map(key.ambiguousColumns), !columns.isEmpty {
        return flaw(
          trigger,
          "two rows may have this key (the text of \(columns.joined(separator: ", ")) may hold the "
            + "constant between them), and \(cause(trigger)) would erase the message of the other"
        )
      }
      for other in [Change.added, .changed] where self[other].isSelected || other == .added {
        guard let others = self[other].key?.value, mayShareTopic(trigger, other),
          RowKey(others, primaryKey: primaryKey) != key
        else { continue }
        return flaw(
          other,
          "`\(other.rawValue)` has another key than `\(trigger.rawValue)`, and "
            + "\(cause(trigger)) would not reach its message, or would erase another row's"
        )
      }
    }
    return nil
  }

  private func cause(_ trigger: Change) -> String {
    trigger == .removed ? "the null value of a removed row" : "the null value of a row that moves"
  }

  private func flaw(_ change: Change, _ message: String) -> NullValueFlaw {
    NullValueFlaw(
      change: change,
      message: message,
      hint: "write `key: {primary_key: true}`; or make the columns of the key the model's "
        + "`primary_key`, so that a row which comes back under another id is a change of the same "
        + "row; or write `null_values: unchecked` if you know that the key is unique. A sync that "
        + "has run: `unchecked` leaves it as it is; after any other change of the key "
        + "`sluice backfill \(name)` sends every row under the new one (a changed `primary_key` "
        + "needs `sluice reset \(name)` first)"
    )
  }

  private func mayShareTopic(_ first: Change, _ second: Change) -> Bool {
    guard case .text(let one) = self[first].topic.value,
      case .text(let other) = self[second].topic.value
    else { return true }
    return one == other
  }
}
