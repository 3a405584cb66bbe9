/// Removed rows whose values come back in an added row, under another key.
public struct RekeyedRows: Sendable {
  /// Removed rows that were compared.
  public internal(set) var compared = 0
  /// Those of them that came back.
  public internal(set) var returned = 0
  /// The first of them: the stored row and the line of the added one.
  public internal(set) var examples: [(old: StateFile.StoredRow, new: [UInt8])] = []
}

/// Looks for the values of removed rows among added ones, by their hashes.
///
/// Values that several removed rows have identify none of them: they are compared, and never come
/// back. Of many rows a share is compared that is chosen by the hash of the values, so that it is
/// the same in every run and on both sides. Some 50 bytes for each different hash.
struct RekeyedSearch {
  private struct Slot {
    let reference: RowReference
    var isShared = false
    var isFound = false
  }

  private var slots: [UInt64: Slot] = [:]
  /// Of so many hashes one is compared.
  private let stride: UInt64
  private(set) var compared = 0
  private(set) var returned = 0

  /// Prepares for `removed` rows, of which some `comparedMax` are compared.
  init(removed: Int, comparedMax: Int) {
    stride = UInt64(max(1, (removed + comparedMax - 1) / max(1, comparedMax)))
  }

  /// Takes in the values of a removed row.
  mutating func remove(_ hash: UInt64, _ reference: RowReference) {
    guard hash % stride == 0 else { return }
    compared += 1
    if slots[hash] == nil {
      slots[hash] = Slot(reference: reference)
    } else {
      slots[hash]?.isShared = true
    }
  }

  /// Takes in the values of an added row; returns the removed row that comes back in it.
  mutating func add(_ hash: UInt64) -> RowReference? {
    guard hash % stride == 0, let slot = slots[hash], !slot.isShared, !slot.isFound else {
      return nil
    }
    slots[hash]?.isFound = true
    returned += 1
    return slot.reference
  }
}
