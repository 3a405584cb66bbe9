import Testing

@testable import Text

@Suite struct ByteBufferTests {
  @Test func `what is appended stays in order across growth`() {
    var buffer = ByteBuffer(capacity: 1)
    for index in 0..<1000 { buffer.append(decimal: index) }
    #expect(buffer.text == (0..<1000).map(String.init).joined())
  }

  @Test(arguments: [0, 7, -7, Int64.max, Int64.min]) func `an integer is written in decimal`(
    _ value: Int64
  ) {
    var buffer = ByteBuffer()
    buffer.append(decimal: value)
    #expect(buffer.text == String(value))
  }

  @Test func `the greatest unsigned integer is written in decimal`() {
    var buffer = ByteBuffer()
    buffer.append(decimal: UInt64.max)
    #expect(buffer.text == "18446744073709551615")
  }

  @Test func `truncating keeps the front`() {
    var buffer = ByteBuffer()
    buffer.append("sluice box")
    buffer.truncate(to: 6)
    #expect(buffer.text == "sluice")
    #expect(buffer.count == 6)
  }

  @Test func `emptying with a limit gives memory back`() {
    var buffer = ByteBuffer()
    buffer.append([UInt8](repeating: 1, count: 100_000))
    buffer.removeAll(keepingUpTo: 64)
    #expect(buffer.capacity == 64)
    buffer.append("again")
    #expect(buffer.text == "again")
  }

  @Test func `only what the body wrote is kept`() {
    var buffer = ByteBuffer()
    buffer.append(upTo: 300) { room in
      room[0] = UInt8(ascii: "x")
      return 1
    }
    #expect(buffer.text == "x")
  }

  @Test func `bytes of any length are copied, and none beside them`() {
    let bytes = (0..<UInt8(100)).map { $0 }
    for count in 0...bytes.count {
      bytes.withUnsafeBytes { all in
        let part = UnsafeRawBufferPointer(rebasing: all[..<count])
        var buffer = ByteBuffer(capacity: 16)
        buffer.append(part)
        buffer.append(UInt8(255))
        buffer.append(part, between: 200)
        let expected = Array(part) + [255, 200] + Array(part) + [200]
        #expect(Array(buffer.bytes) == expected, "\(count)")
        var room = [UInt8](repeating: 7, count: 102)
        room.withUnsafeMutableBytes { room in
          guard let target = room.baseAddress, let source = all.baseAddress else { return }
          (target + 1).copyBytes(from: source, count: count)
        }
        let untouched = [UInt8](repeating: 7, count: 101 - count)
        #expect(room == [7] + Array(part) + untouched, "\(count)")
      }
    }
  }
}
