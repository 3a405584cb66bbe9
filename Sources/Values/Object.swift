/// An object: members in the order in which they were first set, found fast by key.
///
/// A value type over shared storage, copied when changed. Up to eight members are searched one by
/// one, more through a table of hashes.
public struct Object: Sendable, Equatable {
  private var storage: Storage

  /// Creates an object without members.
  public init() {
    storage = Storage.none
  }

  /// Creates an object of `members`; of equal keys the last value counts, at the first's place.
  public init(_ members: [(String, Value)]) {
    self.init()
    for (key, value) in members { self[key] = value }
  }

  /// How many members it has.
  public var count: Int { storage.keys.count }

  /// Whether it has no members.
  public var isEmpty: Bool { storage.keys.isEmpty }

  /// The keys in order.
  public var keys: [String] { storage.keys }

  /// The values in the keys' order.
  public var values: [Value] { storage.values }

  /// The member at `position`, which must be less than `count`.
  public subscript(at position: Int) -> (key: String, value: Value) {
    (storage.keys[position], storage.values[position])
  }

  /// Where the member `key` is, nil where there is none.
  public func position(of key: String) -> Int? {
    storage.position(of: key)
  }

  /// Reads, sets or (with nil) removes a member.
  public subscript(key: String) -> Value? {
    get { storage.position(of: key).map { storage.values[$0] } }
    set {
      makeUnique()
      if let newValue {
        storage.set(key, newValue)
      } else {
        storage.remove(key)
      }
    }
  }

  /// Whether both have equal members; their order does not count.
  public static func == (left: Object, right: Object) -> Bool {
    if left.storage === right.storage { return true }
    guard left.count == right.count else { return false }
    for (index, key) in left.storage.keys.enumerated() {
      guard let other = right[key], other == left.storage.values[index] else { return false }
    }
    return true
  }

  private mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&storage) { storage = storage.copy() }
  }
}

extension Object {
  // Changed only while one Object holds it, which is what copy on write sees to.
  fileprivate final class Storage: @unchecked Sendable {
    static let none = Storage()
    static let searchedMax = 8

    var keys: [String] = []
    var values: [Value] = []
    var table: [String: Int] = [:]

    func copy() -> Storage {
      let copy = Storage()
      copy.keys = keys
      copy.values = values
      copy.table = table
      return copy
    }

    func position(of key: String) -> Int? {
      keys.count > Storage.searchedMax ? table[key] : keys.firstIndex(of: key)
    }

    func set(_ key: String, _ value: Value) {
      if let position = position(of: key) {
        values[position] = value
        return
      }
      keys.append(key)
      values.append(value)
      if keys.count == Storage.searchedMax + 1 {
        index()
      } else if keys.count > Storage.searchedMax {
        table[key] = keys.count - 1
      }
    }

    func remove(_ key: String) {
      guard let position = position(of: key) else { return }
      keys.remove(at: position)
      values.remove(at: position)
      index()
    }

    private func index() {
      table.removeAll(keepingCapacity: true)
      guard keys.count > Storage.searchedMax else { return }
      for (position, key) in keys.enumerated() { table[key] = position }
    }
  }
}
