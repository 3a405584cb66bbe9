internal import Rows

/// What was delivered, as the diff needs it: one entry a row.
///
/// Made by ``StateFile``, then handed to the one diff that uses it.
public final class Snapshot {
  var entries = EntryStore()
  var segments = SegmentMap()
  /// Columns that were retyped or are missing, by the number of an older shape; empty for shapes
  /// that hold the same columns as the result.
  var olderShapes: [Int: OlderShape] = [:]
  /// How many of its entries are dead.
  public internal(set) var deadCount = 0

  /// How a line of the result is hashed to compare it with rows of an older shape.
  struct OlderShape {
    var fieldsOfResult: [RowHasher.Field]
  }

  /// Rows in the snapshot.
  public var count: Int { segments.count - deadCount }

  init() {}

  /// Hands the entries over; the snapshot has none afterwards.
  func takeEntries() -> EntryStore {
    var taken = EntryStore()
    swap(&taken, &entries)
    return taken
  }

  /// Rows with the key of a later row, dead ones left out.
  func duplicates() -> [RowReference] {
    var found: [Int] = []
    EntryTable.forEachDuplicate(in: entries) { found.append($0) }
    return found.map { segments.reference(to: $0) }
  }

  func kill(_ reference: RowReference) {
    guard let index = segments.index(of: reference),
      entries[flags: index] & EntryStore.Flags.dead == 0
    else { return }
    entries[flags: index] = EntryStore.Flags.dead
    deadCount += 1
  }
}

// Handed over, never shared: the state file makes it, one diff uses it.
extension Snapshot: @unchecked Sendable {}
