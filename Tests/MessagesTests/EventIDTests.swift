import Text
import Settings
import Testing

@testable import Messages

@Suite struct EventIDTests {
  private func id(
    _ key: String = "1",
    _ change: Change = .added,
    state: String = "state",
    token: [UInt8] = Array(0..<16),
    suffix: UInt8 = 0
  ) -> String {
    var event = EventID(stateID: state)
    event.begin(token: token)
    var output = ByteBuffer()
    Array(key.utf8).withUnsafeBytes { event.append(change, key: $0, suffix: suffix, to: &output) }
    return output.text
  }

  @Test func `an id is evt_ and 26 letters of base32`() {
    #expect(id().utf8.count == EventID.length)
    #expect(id().hasPrefix("evt_"))
    #expect(id().dropFirst(4).allSatisfy { "abcdefghijklmnopqrstuvwxyz234567".contains($0) })
    // 128 bits are 25 letters and 3 bits: the last letter ends with two zeros.
    #expect(id().last.map { "aeimquy4".contains($0) } == true)
  }

  @Test func `state, token, key, change and suffix each make another id`() {
    let ids = [
      id(), id("2"), id("1", .changed), id("1", .removed), id(state: "other"),
      id(token: Array(1..<17)), id(suffix: 1), id(""),
    ]
    #expect(Set(ids).count == ids.count)
    #expect(id() == ids[0])
  }

  @Test func `an id does not depend on what came before it in its batch`() {
    var event = EventID(stateID: "state")
    var output = ByteBuffer()
    for token in [[UInt8](repeating: 9, count: 16), Array(0..<16)] {
      event.begin(token: token)
      for key in ["longer key", "1"] {
        output.removeAll()
        Array(key.utf8).withUnsafeBytes { event.append(.added, key: $0, to: &output) }
      }
    }
    #expect(output.text == id())
  }

  @Test func `ten thousand keys have ten thousand ids`() {
    #expect(Set((0..<10_000).map { id("\($0)") }).count == 10_000)
  }
}
