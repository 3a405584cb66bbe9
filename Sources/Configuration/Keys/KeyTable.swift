/// The keys that one kind of map may have.
///
/// It is the only place that lists them: the readers refuse what it does not name, and the JSON
/// Schemas are made from it.
struct KeyTable: Sendable {
  /// One key.
  struct Key: Sendable {
    let name: String
    /// What may stand under it.
    let shape: KeyShape
    /// What it says, for editors.
    let summary: String
    /// Whether the map cannot do without it, whatever its other keys say.
    var isRequired = false
  }

  /// Names the map in messages, as in `a sync`.
  var subject: String
  let keys: [Key]
  /// Names the keys in messages if they are too many; nil to list them.
  var list: String?
  /// How many of the keys there have to be.
  var countMin = 0

  init(_ subject: String, _ keys: [Key], list: String? = nil, countMin: Int = 0) {
    self.subject = subject
    self.keys = keys
    self.list = list
    self.countMin = countMin
  }

  /// The names of all keys, in their order.
  var names: [String] { keys.map(\.name) }

  /// Whether `name` is one of its keys.
  func has(_ name: String) -> Bool { keys.contains { $0.name == name } }

  /// The same keys for a map that messages call `subject`.
  func called(_ subject: String) -> KeyTable {
    var table = self
    table.subject = subject
    return table
  }
}

extension KeyTable.Key {
  /// A key that may be there.
  static func optional(_ name: String, _ shape: KeyShape, says summary: String) -> Self {
    Self(name: name, shape: shape, summary: summary)
  }

  /// A key that has to be there.
  static func required(_ name: String, _ shape: KeyShape, says summary: String) -> Self {
    Self(name: name, shape: shape, summary: summary, isRequired: true)
  }
}

/// Maps whose other keys depend on what one of them says, such as `type`.
struct KeyVariants: Sendable {
  /// The key that tells them apart.
  let key: String
  /// The keys of each, by what that key says.
  let tables: [(choice: String, table: KeyTable)]

  /// What that key can say.
  var choices: [String] { tables.map(\.choice) }

  /// The keys of the map that says `choice`; none for a choice that is not known.
  func table(_ choice: String) -> KeyTable {
    tables.first { $0.choice == choice }?.table ?? KeyTable("a map", [])
  }

  /// The keys of all of them, each once, for messages that call the map `subject`.
  func union(called subject: String) -> KeyTable {
    var keys: [KeyTable.Key] = []
    for key in tables.flatMap(\.table.keys) where !keys.contains(where: { $0.name == key.name }) {
      keys.append(key)
    }
    return KeyTable(subject, keys)
  }
}
