import Text
import Testing

@testable import State

@Suite struct ChangeCodingTests {
  private typealias RowChange = ChangeBatch.RowChange

  private let kinds: [ChangeBatch.RowChange.Kind] = [
    .added, .changed, .removed, .absorbed, .withdrawn,
  ]

  private func decode(_ bytes: [UInt8]) -> [ChangeBatch.RowChange]? {
    bytes.withUnsafeBytes { ChangeCoding.decodeChanges($0) }
  }

  @Test func `every kind of change is read as it was written`() {
    let references = [nil, RowReference(segment: 0, slot: 0), RowReference(segment: .max, slot: 7)]
    let changes = kinds.flatMap { kind in
      references.flatMap { old in
        [true, false].map { RowChange(kind: kind, isSilent: $0, old: old) }
      }
    }
    guard let blob = ChangeCoding.encode(changes) else {
      Issue.record("nothing was written")
      return
    }
    let size = blob.count
    let read = ChangeCoding.decodeChanges(blob.bytes)
    #expect(size == 9 * changes.count)
    #expect(read == changes)
  }

  @Test func `additions with messages take no bytes`() {
    func isWritten(_ change: RowChange) -> Bool {
      if case .some = ChangeCoding.encode([change]) { true } else { false }
    }
    #expect(!isWritten(RowChange(kind: .added, isSilent: false)))
    #expect(isWritten(RowChange(kind: .added, isSilent: true)))
  }

  @Test(arguments: [[1], [UInt8](repeating: 0, count: 10), [63, 0, 0, 0, 0, 0, 0, 0, 0]])
  func `a damaged list is not read as another one`(_ bytes: [UInt8]) {
    #expect(decode(bytes) == nil)
  }

  @Test func `kills and positions are read as they were written`() {
    let kills = [RowReference(segment: 1, slot: 4095), RowReference(segment: .max, slot: .max)]
    let blob = ChangeCoding.encode(kills)
    var read: [RowReference] = []
    ChangeCoding.forEachKill(blob.bytes) { read.append($0) }
    #expect(read == kills)
    let positions = [0, 9999, Int(UInt32.max)]
    let other = ChangeCoding.encode(positions: positions)
    let readPositions = ChangeCoding.decodePositions(other.bytes)
    #expect(readPositions == positions)
  }

  @Test(arguments: [nil, "orders", "a topic of another tool"])
  func `a transaction mark is read as it was written`(_ anchor: String?) {
    let mark = TransactionMark(number: 7, token: "00ff", anchor: anchor, isHeld: anchor != nil)
    #expect(TransactionMark(text: mark.text) == mark)
    #expect(TransactionMark(text: "7 00ff") == nil)
    #expect(TransactionMark(text: "seven 00ff 1 orders") == nil)
  }
}
