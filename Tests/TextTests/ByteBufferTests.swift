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
}
