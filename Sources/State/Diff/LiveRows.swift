internal import Rows

/// The rows that a state held at one moment, by the hashes of keys and values.
public struct LiveRows: Sendable {
  let snapshot: Snapshot
  /// Of the state: hashes of another one are seeded otherwise.
  let id: String?
  /// How the hashes were made.
  let basis: String?

  /// How many rows there are.
  public var count: Int { snapshot.count }

  /// How these rows differ from `earlier`, of the same state; nil if that cannot be told.
  ///
  /// Some 30 bytes of memory a row.
  public func difference(from earlier: LiveRows) -> Difference? {
    guard id != nil, id == earlier.id, basis == earlier.basis else { return nil }
    var table = EntryTable()
    table.build(snapshot.entries)
    var difference = Difference()
    var common = 0
    for index in 0..<earlier.snapshot.entries.count
    where earlier.snapshot.entries[flags: index] & EntryStore.Flags.dead == 0 {
      let entry = earlier.snapshot.entries[index]
      guard let found = table.find(entry, in: snapshot.entries) else {
        difference.removed += 1
        continue
      }
      common += 1
      if snapshot.entries[found].fingerprint != entry.fingerprint { difference.changed += 1 }
    }
    difference.added = snapshot.count - common
    return difference
  }

  /// Rows that differ between two moments.
  public struct Difference: Sendable, Hashable {
    /// Rows that are there only later.
    public var added = 0
    /// Rows that differ in columns that count.
    public var changed = 0
    /// Rows that were there only earlier.
    public var removed = 0

    /// Without a difference.
    public init() {}
  }
}

extension StateFile {
  /// The rows of the snapshot, by their hashes.
  ///
  /// Throws a ``StateError`` if the file cannot be read.
  public func liveRows() throws(StateError) -> LiveRows {
    let meta = try meta()
    return LiveRows(snapshot: try loadEntries(), id: meta.id, basis: meta.basis)
  }
}
