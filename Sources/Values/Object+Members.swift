/// Members of one kind, for those who know what they wrote.
extension Object {
  /// The text of a member; nil if it is missing or something else.
  public func text(_ name: String) -> String? {
    if case .string(let text)? = self[name] { return text }
    return nil
  }

  /// The integer of a member; nil if it is missing or something else.
  public func number(_ name: String) -> Int? {
    if case .integer(let number)? = self[name] { return number }
    return nil
  }

  /// Whether a member is true.
  public func flag(_ name: String) -> Bool { self[name] == .bool(true) }

  /// The object of a member; nil if it is missing or something else.
  public func object(_ name: String) -> Object? {
    if case .object(let object)? = self[name] { return object }
    return nil
  }

  /// The objects in a list; without any if it is missing or something else.
  public func objects(_ name: String) -> [Object] {
    guard case .array(let items)? = self[name] else { return [] }
    return items.compactMap { if case .object(let object) = $0 { object } else { nil } }
  }

  /// The texts in a list; without any if it is missing or something else.
  public func texts(_ name: String) -> [String] {
    guard case .array(let items)? = self[name] else { return [] }
    return items.compactMap { if case .string(let text) = $0 { text } else { nil } }
  }
}
