import Rows
import Testing

@testable import State

@Suite struct EntryTableTests {
  private func entry(_ number: Int, low: Int? = nil) -> Entry {
    Entry(
      keyLow: UInt64(low ?? number),
      keyHigh: UInt64(number),
      fingerprint: UInt64(number) &* 31
    )
  }

  @Test func `every key is found, also while the table grows`() {
    var store = EntryStore()
    var table = EntryTable()
    for number in 0..<500 { store.append(entry(number), flags: 0) }
    table.build(store)
    for number in 500..<70_000 {
      store.append(entry(number), flags: 0)
      if number % 3 == 0 { table.update(store) }
    }
    table.update(store)
    for number in stride(from: 0, to: 70_000, by: 7) {
      #expect(table.find(entry(number), in: store) == number)
    }
    #expect(table.find(entry(70_000), in: store) == nil)
  }

  @Test func `keys that differ in one half only are different keys`() {
    var store = EntryStore()
    var table = EntryTable()
    // All want the same slot.
    for number in 0..<700 { store.append(entry(number, low: 5), flags: 0) }
    table.build(store)
    for number in 0..<700 { #expect(table.find(entry(number, low: 5), in: store) == number) }
    #expect(table.find(entry(3, low: 6), in: store) == nil)
    #expect(table.find(entry(700, low: 5), in: store) == nil)
  }

  @Test func `superseded rows are not found`() {
    var store = EntryStore()
    var table = EntryTable()
    store.append(entry(1), flags: EntryStore.Flags.dead)
    store.append(entry(2), flags: 0)
    table.build(store)
    #expect(table.find(entry(1), in: store) == nil)
    #expect(table.find(entry(2), in: store) == 1)
  }

  @Test func `of rows with one key all but the last are duplicates`() {
    var store = EntryStore()
    for number in [1, 2, 1, 3, 1, 2] { store.append(entry(number), flags: 0) }
    store.append(entry(3), flags: EntryStore.Flags.dead)
    var found: [Int] = []
    EntryTable.forEachDuplicate(in: store) { found.append($0) }
    #expect(found.sorted() == [0, 1, 2])
  }

  @Test func `entries and their places are told by each other`() {
    var map = SegmentMap()
    for number in [3, 4, 9] {
      map.append(number: UInt32(number), batch: number, shape: 1, count: number)
    }
    for index in 0..<16 {
      let reference = map.reference(to: index)
      #expect(map.index(of: reference) == index)
    }
    // From the last segment back to the first.
    #expect(map.reference(to: 15) == RowReference(segment: 9, slot: 8))
    #expect(map.reference(to: 2) == RowReference(segment: 3, slot: 2))
    for (segment, slot) in [(1, 0), (5, 0), (9, 9), (10, 0)] {
      #expect(map.index(of: RowReference(segment: UInt32(segment), slot: UInt32(slot))) == nil)
    }
  }
}
