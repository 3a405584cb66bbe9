import Testing

@testable import State

@Suite struct KeyOrderTests {
  /// For each key, whether it was told to be new.
  private func answers(_ keys: [String?]) -> [Bool] {
    var order = KeyOrder()
    return keys.map { key in
      guard let key else { return order.isNew(nil) }
      return Array(key.utf8).withUnsafeBytes { order.isNew($0) }
    }
  }

  @Test func `keys in order are all new`() {
    for keys in [
      (0..<2000).map { String($0) },
      (0..<2000).reversed().map { String($0) },
      (0..<500).map { "\($0 / 10)\t\($0 % 10)" }.sorted(),
      (0..<500).map { "customer-\($0)" }.sorted(),
      ["9223372036854775807", "9223372036854775808", "18446744073709551616"],
    ] {
      #expect(answers(keys).allSatisfy { $0 }, "\(keys[0])")
    }
  }

  @Test func `a key that comes again is never new, whatever the order`() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<300 {
      let range = [3, 20, 500].randomElement(using: &generator) ?? 3
      let isText = Bool.random(using: &generator)
      var keys: [String?] = (0..<200).map { index in
        let number =
          Bool.random(using: &generator) ? index : Int.random(in: -range...range, using: &generator)
        return isText ? "k\(number)" : String(number)
      }
      if Bool.random(using: &generator) { keys.reverse() }
      var seen: Set<String?> = []
      for (key, isNew) in zip(keys, answers(keys)) {
        #expect(!isNew || !seen.contains(key), "\(keys)")
        seen.insert(key)
      }
    }
  }

  @Test func `after a key that may be written otherwise nothing is told`() {
    #expect(answers(["1", "2", nil, "3", "4"]) == [true, true, false, false, false])
  }

  @Test(arguments: [false, true])
  func `a row that comes early does not hide those that it overtook`(isDescending: Bool) {
    // As a database has them that put a row into what was left of an earlier page.
    var keys = [0]
    for page in 0..<1000 {
      keys.append(page * 50 + 50)
      keys += (1..<50).map { page * 50 + $0 }
    }
    if isDescending { keys = keys.map { 100_000 - $0 } }
    #expect(answers(keys.map(String.init)).allSatisfy { $0 })
    let told = answers(["1", "9", "3", "3", "5", "9", "10"])
    #expect(told == [true, true, true, false, true, false, true])
  }

  @Test func `what is out of order does not end the order`() {
    #expect(answers(["1", "5", "0", "5", "6"]) == [true, true, false, false, true])
    #expect(answers(["", "", "a"]) == [true, false, true])
  }
}
