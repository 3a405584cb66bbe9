import Text
import Rows
import Testing

@Suite struct CopyTextTests {
  private func changed(
    _ bytes: [UInt8],
    _ change: (UnsafeRawBufferPointer, inout ByteBuffer) -> Void
  ) -> [UInt8] {
    var output = ByteBuffer()
    bytes.withUnsafeBytes { change($0, &output) }
    return Array(output.bytes)
  }

  private func escaped(_ bytes: [UInt8]) -> [UInt8] {
    changed(bytes) { CopyText.escape($0, into: &$1) }
  }

  private func unescaped(_ bytes: [UInt8]) -> [UInt8] {
    changed(bytes) { CopyText.unescape($0, into: &$1) }
  }

  @Test(
    arguments: [
      ("", ""), ("abc", "abc"), ("\t", "\\t"), ("a\nb\rc", "a\\nb\\rc"), ("\\", "\\\\"),
      ("\\N", "\\\\N"), ("ä\t😀", "ä\\t😀"), ("\u{8}\u{b}\u{c}", "\u{8}\u{b}\u{c}"),
    ]
  )
  func `only tab, line feed, carriage return and backslash are escaped`(
    text: String,
    expected: String
  ) {
    #expect(escaped(Array(text.utf8)) == Array(expected.utf8))
  }

  @Test func `every byte comes back as it was`() {
    let all = (0...255).map { UInt8($0) }
    #expect(unescaped(escaped(all)) == all)
    for byte in all { #expect(unescaped(escaped([byte, byte])) == [byte, byte]) }
    #expect(!escaped(all).contains { $0 == 9 || $0 == 10 || $0 == 13 })
  }

  @Test(
    arguments: [
      ("\\b\\f\\n\\r\\t\\v\\\\", "\u{8}\u{c}\n\r\t\u{b}\\"), ("\\x", "x"), ("a\\", "a"),
      ("\\\\N", "\\N"), ("", ""),
    ]
  )
  func `every escape of COPY is read, and an open one at the end does no harm`(
    field: String,
    expected: String
  ) {
    #expect(unescaped(Array(field.utf8)) == Array(expected.utf8))
  }
}
