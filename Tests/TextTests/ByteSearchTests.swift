import Testing
import Text

@Suite struct ByteSearchTests {
  private func offsets(
    of first: UInt8,
    or second: UInt8,
    in bytes: [UInt8],
    limit: Int? = nil
  ) -> [Int] {
    let limit = limit ?? bytes.count
    return bytes.withUnsafeBytes { bytes in
      [Int](unsafeUninitializedCapacity: limit) { room, count in
        guard let base = room.baseAddress else { return }
        count = bytes.findBytes(first, or: second, into: base, limit: limit)
      }
    }
  }

  @Test(arguments: [(UInt8(9), UInt8(10)), (9, 9), (0, 255), (0, 0), (255, 255), (127, 128)])
  func `every byte that is one of the two is found, at any length`(
    first: UInt8,
    second: UInt8
  ) {
    var random = SystemRandomNumberGenerator()
    // The two themselves, and bytes that share some of their bits.
    let alphabet = [first, second, first & second, first | second, first ^ 0x80, second &+ 1, 0x61]
    for length in 0..<70 {
      let bytes = (0..<length).map { _ in alphabet.randomElement(using: &random) ?? 0 }
      let expected = bytes.indices.filter { bytes[$0] == first || bytes[$0] == second }
      #expect(offsets(of: first, or: second, in: bytes) == expected, "\(bytes)")
      #expect(
        offsets(of: first, or: second, in: bytes, limit: 3) == Array(expected.prefix(3)),
        "\(bytes)"
      )
    }
  }

  @Test func `each byte is told from each other`() {
    for wanted in UInt8.min...UInt8.max {
      let others = (UInt8.min...UInt8.max).map { $0 }
      #expect(offsets(of: wanted, or: wanted, in: others) == [Int(wanted)])
      #expect(
        offsets(of: wanted, or: 200, in: others) == Set([Int(wanted), 200]).sorted()
      )
    }
  }

  @Test func `nothing is found in nothing, and nothing is written without room`() {
    #expect(offsets(of: 9, or: 10, in: [], limit: 5).isEmpty)
    #expect(offsets(of: 9, or: 10, in: [9, 10], limit: 0).isEmpty)
  }
}
