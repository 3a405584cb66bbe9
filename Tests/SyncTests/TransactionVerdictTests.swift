import State
import Testing

@testable import Sync

/// What the offsets of a group say about the batches of a state: the rule as a table.
@Suite struct TransactionVerdictTests {
  private static func offset(
    _ number: Int64,
    _ token: String,
    _ topic: String = "a",
    partition: Int32 = 0
  ) -> HeldMark {
    HeldMark(topic: topic, partition: partition, number: number, token: token)
  }

  static let mark = TransactionMark(number: 5, token: "t5", anchor: "a", isHeld: true)
  static let never = TransactionMark(number: 0, token: "id")
  static let prepared = [
    PreparedBatch(number: 6, token: "t6"), PreparedBatch(number: 7, token: "t7"),
  ]

  private func verdict(
    _ offsets: [HeldMark],
    _ mark: TransactionMark = mark,
    _ prepared: [PreparedBatch] = prepared,
    lacking: Set<String> = []
  ) -> TransactionVerdict {
    TransactionVerdict(offsets: offsets, mark: mark, prepared: prepared) { !lacking.contains($0) }
  }

  @Test func `the mark is held: nothing prepared is committed`() {
    #expect(verdict([Self.offset(5, "t5")]) == .held)
    #expect(verdict([Self.offset(5, "t5"), Self.offset(3, "t3", "b")]) == .held)
  }

  @Test func `a prepared batch is held: it and those before it are committed`() {
    let seven = TransactionMark(number: 7, token: "t7", anchor: "b", isHeld: true)
    #expect(verdict([Self.offset(5, "t5"), Self.offset(7, "t7", "b")]) == .committed(seven))
  }

  @Test func `no offset: forgotten if there was one, else nothing was ever committed`() {
    #expect(verdict([]) == .forgotten)
    #expect(verdict([], Self.never) == .nothingCommitted)
    // Other partitions say nothing.
    #expect(verdict([Self.offset(7, "t7", partition: 1)]) == .forgotten)
  }

  @Test func `a number with another token, or an unknown one, is another run's`() {
    #expect(verdict([Self.offset(6, "other")]) == .foreign(Self.offset(6, "other")))
    #expect(verdict([Self.offset(5, "other")]) == .foreign(Self.offset(5, "other")))
    #expect(verdict([Self.offset(9, "t9")]) == .foreign(Self.offset(9, "t9")))
    #expect(verdict([Self.offset(3, "t3")]) == .foreign(Self.offset(3, "t3")))
  }

  @Test func `an older offset of another topic is what is left of a forgotten mark`() {
    #expect(verdict([Self.offset(3, "t3", "b")]) == .forgotten)
  }

  @Test func `a topic that is gone may have taken a later offset with it`() {
    let anchored = [PreparedBatch(number: 6, token: "t6", anchor: "gone")]
    #expect(verdict([Self.offset(5, "t5")], Self.mark, anchored, lacking: ["gone"]) == .forgotten)
    #expect(verdict([Self.offset(5, "t5")], Self.mark, anchored) == .held)
  }
}
