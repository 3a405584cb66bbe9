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

  private func withoutUnquotedSpaces(_ text: [UInt8]) -> [UInt8]? {
    var output = ByteBuffer(capacity: 16)
    output.append("before")
    let isPlain = text.withUnsafeBytes { output.append(withoutUnquotedSpaces: $0) }
    #expect(Array(output.bytes.prefix(6)) == Array("before".utf8))
    if !isPlain { #expect(output.count == 6) }
    return isPlain ? Array(output.bytes.dropFirst(6)) : nil
  }

  @Test func `spaces go where no quote is open, at any length`() {
    var random = SystemRandomNumberGenerator()
    let alphabet = Array(#"  ""{}:,x~"#.utf8)
    for length in 0..<200 {
      let bytes = (0..<length).map { _ in alphabet.randomElement(using: &random) ?? 0 }
      var isOpen = false
      let expected = bytes.filter { byte in
        if byte == UInt8(ascii: "\"") { isOpen.toggle() }
        return isOpen || byte != UInt8(ascii: " ")
      }
      #expect(withoutUnquotedSpaces(bytes) == (isOpen ? nil : expected), "\(bytes)")
    }
  }

  @Test func `a byte that needs a look is found wherever it stands`() {
    for wanted in UInt8.min...UInt8.max where wanted != UInt8(ascii: "\"") {
      let isPlain = wanted >= 0x20 && wanted < 0x80 && wanted != UInt8(ascii: "\\")
      for position in [0, 1, 14, 15, 16, 17, 30, 31, 32, 47, 48] {
        var text = [UInt8](repeating: UInt8(ascii: "a"), count: 49)
        text[position] = wanted
        #expect((withoutUnquotedSpaces(text) != nil) == isPlain, "\(wanted) at \(position)")
      }
    }
  }

  @Test func `the end of plain text is found at any length, from any start`() {
    var random = SystemRandomNumberGenerator()
    // The last of them are not plain.
    let alphabet: [UInt8] = [
      0x20, 0x21, 0x23, 0x5B, 0x5D, 0x7F, 0x22, 0x5C, 0x1F, 0x00, 0x80, 0xFF,
    ]
    for length in 0..<60 {
      // Few that are not plain, so that some stand far from the start.
      var text = (0..<length).map { _ in alphabet[Int.random(in: 0..<6, using: &random)] }
      if length > 0, Bool.random(using: &random) {
        text[Int.random(in: 0..<length, using: &random)] =
          alphabet[Int.random(in: 6..<12, using: &random)]
      }
      for start in 0...length {
        let expected = text[start...].firstIndex { alphabet[6...].contains($0) } ?? length
        let found = text.withUnsafeBytes { $0.baseAddress?.plainEnd(from: start, count: length) }
        #expect((found ?? 0) == expected, "\(text) from \(start)")
      }
    }
  }

  @Test func `a byte is plain if JSON takes it as it is and it is ASCII`() {
    for byte in UInt8.min...UInt8.max {
      let isPlain = byte >= 0x20 && byte < 0x80 && byte != 0x22 && byte != 0x5C
      for length in [1, 8, 16, 20] {
        let text = [UInt8](repeating: 0x61, count: length - 1) + [byte]
        let found = text.withUnsafeBytes { $0.baseAddress?.plainEnd(from: 0, count: length) }
        #expect(found == (isPlain ? length : length - 1), "\(byte)")
      }
    }
  }
}
