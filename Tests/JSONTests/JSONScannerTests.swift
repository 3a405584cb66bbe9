import Text
import JSON
import Testing
import Values

@Suite struct JSONScannerTests {
  @Test(arguments: [
    (" { \"a\" : [ 1 , 2.50 ,\t-0 ] ,\n\"b c\" : \" x \" } ", #"{"a":[1,2.50,-0],"b c":" x "}"#),
    ("[]", "[]"), (" { } ", "{}"), ("1e5 ", "1e5"), ("\r\n\"\\u00e9é\"", "\"\\u00e9é\""),
    ("[[],{},[{}],null, true,false]", "[[],{},[{}],null,true,false]"),
  ])
  func `white space is taken out and everything else stays`(
    _ text: String,
    _ compact: String
  )
    throws
  {
    #expect(try compacted(Array(text.utf8)) == compact)
  }

  @Test(arguments: [
    ("", JSONError.Code.unexpectedEnd, 0, 1, 1), ("[1,\n 2,é]", .unexpectedByte, 7, 2, 4),
    ("{\"a\":01}", .badNumber, 5, 1, 6), ("\"a\nb\"", .controlCharacter, 2, 1, 3),
    ("\"\\x\"", .badEscape, 1, 1, 2), ("[1", .unexpectedEnd, 2, 1, 3),
    ("{\"a\" 1}", .unexpectedByte, 5, 1, 6), ("tru", .unexpectedEnd, 3, 1, 4),
    ("[1]x", .unexpectedByte, 3, 1, 4), ("-", .unexpectedEnd, 1, 1, 2),
  ])
  func `an error says what and where`(
    _ text: String,
    _ code: JSONError.Code,
    _ offset: Int,
    _ line: Int,
    _ column: Int
  ) throws {
    let error = #expect(throws: JSONError.self) { try compacted(Array(text.utf8)) }
    #expect(error?.code == code)
    #expect(error?.offset == offset)
    #expect(error?.line == line)
    #expect(error?.column == column)
  }

  @Test func `a refused text leaves the buffer as it was`() {
    var output = ByteBuffer()
    output.append("kept")
    let refused = Array("[1, 2, x]".utf8).withUnsafeBytes { text in
      (try? JSONScanner().compact(text, into: &output)) == nil
    }
    #expect(refused)
    #expect(output.text == "kept")
  }

  @Test func `nesting up to the limit passes and beyond it is refused`() throws {
    let allowed = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
    #expect(try compacted(Array(allowed.utf8)) == allowed)
    let error = #expect(throws: JSONError.self) { try compacted(Array("[\(allowed)]".utf8)) }
    #expect(error?.code == .tooDeep)
  }

  @Test(
    arguments: [
      [0x22, 0xFF, 0x22], [0x22, 0xC0, 0xAF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
      [0x22, 0xF5, 0x80, 0x80, 0x80, 0x22], [0x22, 0xE2, 0x82, 0x22],
      [0x22, 0xE0, 0x80, 0x80, 0x22],
    ] as [[UInt8]]
  )
  func `bytes that are not UTF-8 are refused`(_ text: [UInt8]) {
    let error = #expect(throws: JSONError.self) { try compacted(text) }
    #expect(error?.code == .invalidUTF8)
  }

  @Test func `a fault is found at every place of a long string`() throws {
    for position in 0..<40 {
      for bad in [UInt8(0x1F), 0x22, 0x5C, 0xFF] {
        var text = Array("\"\(String(repeating: "a", count: 40))\"".utf8)
        text[position + 1] = bad
        #expect(throws: JSONError.self) { try compacted(text) }
      }
    }
  }

  private func compacted(_ text: [UInt8]) throws -> String {
    var output = ByteBuffer()
    try text.withUnsafeBytes { try JSONScanner().compact($0, into: &output) }
    return output.text
  }
}
