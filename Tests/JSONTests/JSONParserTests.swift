import Text
import JSON
import Testing
import Values

@Suite struct JSONParserTests {
  @Test(arguments: [
    #"{"b":1,"a":1.0,"big":123456789012345678901234567890,"e":1e400}"#,
    #"[null,true,false,"",[],{},-0,0.10]"#, #""é😀 \" \\ \n \u0001""#,
  ])
  func `what is read is written as it was`(_ text: String) throws {
    var output = ByteBuffer()
    output.append(json: try JSONParser().parse(text))
    #expect(output.text == text)
  }

  @Test func `escapes are undone, also of characters beyond the basic plane`() throws {
    #expect(try JSONParser().parse(#""\ud83d\ude00\/\u00e9""#) == .string("😀/é"))
    #expect(try JSONParser().parse(#""\ud83d!""#) == .string("\u{FFFD}!"))
    #expect(try JSONParser().parse(#""\ude00""#) == .string("\u{FFFD}"))
  }

  @Test func `of members with one name the last counts`() throws {
    let value = try JSONParser().parse(#"{"a":1,"b":2,"a":3}"#)
    #expect(value == .object(Object([("a", .integer(3)), ("b", .integer(2))])))
  }

  @Test func `fractions become floats where asked`() throws {
    let parser = JSONParser(fractions: .floats)
    #expect(try parser.parse("[1,1.0]") == .array([.integer(1), .float(1)]))
  }

  @Test func `invalid bytes are replaced or refused`() {
    var output = ByteBuffer()
    let bytes: [UInt8] = [0x61, 0xFF, 0x62, 0xE2, 0x82]
    bytes.withUnsafeBytes { text in
      let replaced = output.append(escaped: text)
      #expect(replaced)
      #expect(output.text == "a\u{FFFD}b\u{FFFD}\u{FFFD}")
      let written = output.append(quoted: text, invalid: .refuse)
      #expect(!written)
      #expect(output.text == "a\u{FFFD}b\u{FFFD}\u{FFFD}")
    }
  }

  @Test func `numbers that are none are written as strings`() {
    var output = ByteBuffer()
    output.append(json: .array([.float(.nan), .float(-.infinity), .float(1), .float(1e300)]))
    #expect(output.text == #"["NaN","-Infinity",1.0,1e+300]"#)
  }
}
