import Testing
import Values

@Suite struct ObjectTests {
  /// Enough members for a table, and few enough to be searched.
  @Test(arguments: [3, 32, 33, 1000]) func `members are found, changed and removed by name`(
    _ count: Int
  ) {
    var object = Object((0..<count).map { ("member \($0)", .integer($0)) })
    #expect(object.count == count)
    #expect(object["member \(count - 1)"] == .integer(count - 1))
    #expect(object["member \(count)"] == nil)
    object["member 0"] = .bool(true)
    object["member 1"] = nil
    object["new"] = .null
    #expect(object.count == count)
    #expect(object.keys.first == "member 0")
    #expect(object.keys.last == "new")
    #expect(object["member 1"] == nil)
    #expect(object[MemberName("member 2")] == .integer(2))
    let copy = object
    object["member 2"] = nil
    #expect(copy["member 2"] == .integer(2))
    #expect(object != copy)
    object["member 2"] = .integer(2)
    // Now at another place, which does not count.
    #expect(object == copy)
  }

  @Test func `spellings of one character are different names`() {
    let composed = "caf\u{E9}"
    let decomposed = "cafe\u{301}"
    var object = Object([(composed, .integer(1)), (decomposed, .integer(2))])
    #expect(object.count == 2)
    #expect(object[composed] == .integer(1))
    #expect(object[decomposed] == .integer(2))
    for number in 0..<40 { object["\(number)"] = .null }
    #expect(object[composed] == .integer(1))
    #expect(object[decomposed] == .integer(2))
    #expect(MemberName(composed) != MemberName(decomposed))
    #expect(MemberName.haveSameBytes("a longer text of bytes", "a longer text of " + "bytes"))
  }
}
