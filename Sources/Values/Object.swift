/// An object: members in the order in which they were first set, found fast by name.
///
/// A value type over shared storage, copied when changed. Up to 32 members are searched one by one,
/// by the hashes of their names, more through a table.
public struct Object: Sendable, Equatable {
  @usableFromInline struct Member: Sendable {
    @usableFromInline let name: MemberName
    @usableFromInline var value: Value

    @usableFromInline init(_ name: MemberName, _ value: Value) {
      self.name = name
      self.value = value
    }
  }

  @usableFromInline static let searchedMax = 32

  @usableFromInline var members: [Member] = []
  /// Positions by name; nil while members are searched one by one.
  @usableFromInline var table: [MemberName: Int]?

  /// Creates an object without members.
  @inlinable public init() {}

  /// Creates an object of `members`; of equal keys the last value counts, at the first's place.
  public init(_ members: [(String, Value)]) {
    reserve(members.count)
    for (key, value) in members { self[key] = value }
  }

  /// How many members it has.
  @inlinable public var count: Int { members.count }

  /// Whether it has no members.
  @inlinable public var isEmpty: Bool { members.isEmpty }

  /// The keys in order.
  public var keys: [String] { members.map(\.name.text) }

  /// The values in the keys' order.
  public var values: [Value] { members.map(\.value) }

  /// The member at `position`, which must be less than `count`.
  @inlinable public subscript(at position: Int) -> (key: String, value: Value) {
    (members[position].name.text, members[position].value)
  }

  /// Makes room for `count` members in all.
  @inlinable public mutating func reserve(_ count: Int) {
    members.reserveCapacity(count)
  }

  /// Where the member `key` is, nil if there is none.
  public func position(of key: String) -> Int? {
    position(of: MemberName(key))
  }

  /// Where the member `name` is, nil if there is none.
  @inlinable public func position(of name: MemberName) -> Int? {
    if let table { return table[name] }
    return members.withUnsafeBufferPointer { members in
      for position in members.indices where members[position].name == name { return position }
      return nil
    }
  }

  /// Reads, sets or (with nil) removes a member.
  public subscript(key: String) -> Value? {
    get { self[MemberName(key)] }
    set { self[MemberName(key)] = newValue }
  }

  /// Reads, sets or (with nil) removes a member.
  @inlinable public subscript(name: MemberName) -> Value? {
    get { position(of: name).map { members[$0].value } }
    set {
      if let newValue {
        set(name, newValue)
      } else {
        remove(name)
      }
    }
  }

  /// Whether both have equal members; their order does not count.
  public static func == (left: Object, right: Object) -> Bool {
    guard left.count == right.count else { return false }
    return left.members.allSatisfy { member in
      right.position(of: member.name).map { right.members[$0].value == member.value } ?? false
    }
  }

  @usableFromInline mutating func set(_ name: MemberName, _ value: Value) {
    if let position = position(of: name) {
      members[position].value = value
      return
    }
    members.append(Member(name, value))
    if members.count == Object.searchedMax + 1 {
      index()
    } else {
      table?[name] = members.count - 1
    }
  }

  @usableFromInline mutating func remove(_ name: MemberName) {
    guard let position = position(of: name) else { return }
    members.remove(at: position)
    index()
  }

  private mutating func index() {
    table = nil
    guard members.count > Object.searchedMax else { return }
    var table: [MemberName: Int] = [:]
    for (position, member) in members.enumerated() { table[member.name] = position }
    self.table = table
  }
}
