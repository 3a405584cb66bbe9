import Rows
import Testing

@Suite struct FieldTableTests {
  private func fields(_ line: String, count: Int) -> [String]? {
    Array(line.utf8).withUnsafeBytes { line in
      var table = FieldTable(count: count)
      guard table.split(line) else { return nil }
      return (0..<count).map { String(decoding: table[$0], as: UTF8.self) }
    }
  }

  @Test(
    arguments: [
      ("a\tb\tc", ["a", "b", "c"]), ("\t\t", ["", "", ""]), ("\t\\N\t", ["", "\\N", ""]),
      ("a", ["a"]), ("", [""]), ("\\t\\\\\t\\n", ["\\t\\\\", "\\n"]),
    ]
  )
  func `fields are what stands between tabs`(line: String, expected: [String]) {
    #expect(fields(line, count: expected.count) == expected)
  }

  @Test(arguments: [("a", 2), ("a\tb\tc", 2), ("", 2), ("a\tb", 1), ("", 0), ("a", 0)])
  func `a line with another number of fields is refused`(line: String, count: Int) {
    #expect(fields(line, count: count) == nil)
  }

  @Test func `a prefix may be asked for`() {
    Array("a\tb\tc".utf8).withUnsafeBytes { line in
      var table = FieldTable(count: 3)
      let found = table.split(line, count: 2)
      #expect(found)
      #expect(String(decoding: table[0...1], as: UTF8.self) == "a\tb")
      let tooMany = table.split(UnsafeRawBufferPointer(rebasing: line[..<3]), count: 3)
      #expect(!tooMany)
    }
  }

  @Test func `an empty line after a longer one has an empty field`() {
    var table = FieldTable(count: 1)
    Array("abc".utf8).withUnsafeBytes { _ = table.split($0) }
    let found = table.split(UnsafeRawBufferPointer(start: nil, count: 0))
    #expect(found)
    #expect(table[0].count == 0)
  }

  @Test func `only backslash N is NULL`() {
    for (text, expected) in [("\\N", true), ("N", false), ("", false), ("\\\\N", false)] {
      #expect(Array(text.utf8).withUnsafeBytes { $0.isNullField } == expected)
    }
  }
}
