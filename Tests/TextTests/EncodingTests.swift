import Testing

@testable import Text

@Suite struct EncodingTests {
  @Test func `base64 of both alphabets comes back, of every length`() {
    for count in 0..<10 {
      let bytes = (0..<count).map { UInt8(250 - $0 * 27) }
      #expect(Base64.bytes(of: Array(Base64.text(bytes).utf8)) == bytes)
      let padded = Array(Base64.text(bytes, .urlSafe).utf8)
      #expect(Base64.bytes(of: padded, .urlSafe) == bytes)
      let bare = Array(Base64.unpaddedURLText(bytes).utf8)
      #expect(Base64.bytes(of: bare, .urlSafe) == bytes)
    }
    #expect(Base64.text(Array("foob".utf8)) == "Zm9vYg==")
    #expect(Base64.text([251, 255], .urlSafe) == "-_8=")
  }

  @Test(arguments: ["a", "a?==", "Zm9vYg", "Zm9vYg=", "Zm9v====", "-_8=", "Zm=v"])
  func `what is not base64 is refused`(text: String) {
    #expect(Base64.bytes(of: Array(text.utf8)) == nil)
  }

  @Test func `hexadecimal digits of either case write bytes, and nothing else does`() {
    #expect(Hexadecimal.text([0, 10, 255]) == "000aff")
    #expect(Hexadecimal.text(UInt32(0x1F4A9)) == "0001f4a9")
    #expect(Hexadecimal.text(UInt64.max) == "ffffffffffffffff")
    #expect(Hexadecimal.bytes(of: Array("00aAfF".utf8)) == [0, 0xAA, 0xFF])
    for text in ["0", "0g", "+1", " 1", "٠٠"] {
      #expect(Hexadecimal.bytes(of: Array(text.utf8)) == nil)
    }
  }

  @Test func `percent encoding leaves letters, digits and four signs`() {
    #expect(PercentEncoding.text("a b/ü~") == "a%20b%2F%C3%BC~")
  }

  @Test func `a keyed digest is the one of RFC 4231`() {
    let key = [UInt8](repeating: 0x0B, count: 20)
    let code = HMAC.code(Array("Hi There".utf8), key: key, SHA256.digest)
    #expect(
      Hexadecimal.text(code) == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    )
  }
}
