internal import Rows

/// Finds entries by key: indexes into an entry store, by linear probing.
///
/// Built when the first row is out of order, and brought up to date before each look; load at most
/// 0.7. Keys are hashes already, so their low bits choose the slot.
struct EntryTable: ~Copyable {
  private var slots: UnsafeMutablePointer<UInt32>?
  private var mask = 0
  private var used = 0
  /// How many entries of the store were taken in or left out as dead.
  private var taken = 0

  deinit {
    slots?.deallocate()
  }

  var isBuilt: Bool { slots != nil }

  /// Makes the table for every entry of `store` that is not dead.
  mutating func build(_ store: borrowing EntryStore) {
    var capacity = 1024
    while Double(store.count + 1) > 0.6 * Double(capacity) { capacity *= 2 }
    // Freed first, so that old and new never take memory together.
    slots?.deallocate()
    let slots = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity)
    slots.initialize(repeating: 0, count: capacity)
    self.slots = slots
    mask = capacity - 1
    (used, taken) = (0, 0)
    takeRest(of: store)
  }

  /// Takes in the entries that came to `store` since the last time.
  mutating func update(_ store: borrowing EntryStore) {
    if slots == nil || Double(used + store.count - taken) > 0.7 * Double(mask + 1) {
      return build(store)
    }
    takeRest(of: store)
  }

  private mutating func takeRest(of store: borrowing EntryStore) {
    for index in taken..<store.count where store[flags: index] & EntryStore.Flags.dead == 0 {
      place(index, store[index])
    }
    taken = store.count
  }

  /// Hands each entry of `store` whose key a later one has, too, to `body`; dead ones left out.
  static func forEachDuplicate(in store: borrowing EntryStore, _ body: (Int) -> Void) {
    var capacity = 1024
    while Double(store.count + 1) > 0.6 * Double(capacity) { capacity *= 2 }
    let slots = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity)
    slots.initialize(repeating: 0, count: capacity)
    defer { slots.deallocate() }
    for index in 0..<store.count where store[flags: index] & EntryStore.Flags.dead == 0 {
      var position = Int(truncatingIfNeeded: store[index].keyLow) & (capacity - 1)
      while slots[position] != 0 {
        let other = Int(slots[position]) - 1
        if store[other].hasKey(of: store[index]) {
          body(other)
          break
        }
        position = (position + 1) & (capacity - 1)
      }
      slots[position] = UInt32(index + 1)
    }
  }

  /// The index of the entry with the key of `entry`.
  func find(_ entry: Entry, in store: borrowing EntryStore) -> Int? {
    guard let slots else { return nil }
    var position = Int(truncatingIfNeeded: entry.keyLow) & mask
    while slots[position] != 0 {
      let index = Int(slots[position]) - 1
      if store[index].hasKey(of: entry) { return index }
      position = (position + 1) & mask
    }
    return nil
  }

  private mutating func place(_ index: Int, _ entry: Entry) {
    guard let slots else { return }
    var position = Int(truncatingIfNeeded: entry.keyLow) & mask
    while slots[position] != 0 { position = (position + 1) & mask }
    slots[position] = UInt32(index + 1)
    used += 1
  }
}
