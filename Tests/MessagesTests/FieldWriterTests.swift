import Text
import JSON
import Rows
import TestSupport
import Testing
import Values

@testable import Messages

@Suite struct FieldWriterTests {
  private func json(_ field: String, _ form: FieldForm) -> String? {
    var writer = FieldWriter()
    var output = ByteBuffer()
    let bytes = Array(field.utf8)
    return bytes.withUnsafeBytes { field in
      (try? writer.appendJSON(field, form, to: &output)).map { output.text }
    }
  }

  private static func forms() -> [FieldForm] {
    [
      .boolean, .integer, .number, .text, .json, .bytes, .timestamp, .date, .dynamic,
      .array(.text, delimiter: 44), .array(.json, delimiter: 44), .array(.bytes, delimiter: 59),
      .array(.timestamp, delimiter: 44), .array(.date, delimiter: 44),
    ]
      + ColumnType.Kind.allCases.flatMap {
        [FieldForm.cast($0, hasStorageClass: true), .cast($0, hasStorageClass: false)]
      }
  }

  /// Whether the form copies what Postgres wrote without a look.
  private static func copies(_ form: FieldForm) -> Bool {
    switch form {
    case .integer, .number, .timestamp, .date, .json, .dynamic, .cast: true
    case .array(let element, delimiter: _): copies(FieldForm(postgres: element))
    default: false
    }
  }

  /// Fields that no database writes, but a damaged state may hold.
  @Test func `no field, however garbled, stops the program`() {
    let pieces = [
      "", " ", "\\", "\\N", "\\x", "{", "}", "[", "=", ",", ";", "\"", "i", "r", "t", "b", "1", "-",
      " BC", "2024-05-06", " 07:08:09", "+00", "NULL", "e", ".", "Z", "99999999999999999999999",
      "\u{e4}", "a", "0", "ff", "\\n", "\\\\", ":",
    ]
    var generator = SeededGenerator(state: 42)
    var written = 0
    let forms = Self.forms()
    for _ in 0..<1500 {
      let count = Int(generator.next() % 7)
      var field = (0..<count).map { _ in pieces[Int(generator.next() % UInt64(pieces.count))] }
        .joined()
      if generator.next() % 4 == 0 { field.removeLast(min(1, field.count)) }
      for form in forms {
        guard let json = json(field, form) else { continue }
        written += 1
        if !Self.copies(form) {
          #expect((try? JSONParser().parse(json)) != nil, "\(form) \(field)")
        }
      }
    }
    #expect(written > 7000)
  }

  @Test func `JSON loses the spaces between its tokens, and may be nested so deep`() {
    for field in [
      #"{"a b":[1,"  ",{"c":"\\n d"}],"é":true}"#,
      #"{"a b": [1, "  ", {"c": "\\n d"}], "é": true}"#,
    ] {
      #expect(json(field, .json) == #"{"a b":[1,"  ",{"c":"\n d"}],"é":true}"#)
    }
    let plain = #"{"a b": [1, "  ", {"c": " d"}], "e": true}"#
    #expect(json(plain, .json) == #"{"a b":[1,"  ",{"c":" d"}],"e":true}"#)
    for (depth, isRefused) in [(512, false), (513, true)] {
      let deep = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
      #expect((json(deep, .json) == nil) == isRefused)
      #expect((json(deep + " ", .json) == nil) == isRefused)
    }
  }

  @Test func `what is refused leaves other fields alone`() throws {
    var writer = FieldWriter()
    var output = ByteBuffer()
    for (field, form) in [
      ("{1,{2}", FieldForm.array(.integer, delimiter: 44)), ("{}{}", .array(.text, delimiter: 44)),
      ("1}", .array(.integer, delimiter: 44)), ("{\"a", .array(.text, delimiter: 44)),
      ("\\\\x0", .bytes), ("\\\\xzz", .bytes), ("{\\n", .json), ("", .json),
      ("{\u{e4}", .json), ("{\"", .json),
    ] {
      let refused = Array(field.utf8).withUnsafeBytes { field in
        (try? writer.appendJSON(field, form, to: &output)) == nil
      }
      #expect(refused, "\(field)")
    }
    output.removeAll()
    try Array("{a,b}".utf8).withUnsafeBytes {
      try writer.appendJSON($0, .array(.text, delimiter: 44), to: &output)
    }
    #expect(output.text == #"["a","b"]"#)
  }

  @Test func `text as JSON is what a JSON writer would write, for every character`() throws {
    var text = ""
    for scalar in (0...0x2FF).compactMap(UnicodeScalar.init) { text.unicodeScalars.append(scalar) }
    text += "\u{2028}\u{FFFD}\u{10FFFF}😀"
    var field = ByteBuffer()
    Array(text.utf8).withUnsafeBytes { CopyText.escape($0, into: &field) }
    let written = try #require(json(field.text, .text))
    guard case .string(let read) = try JSONParser().parse(written) else {
      Issue.record("\(written) is not a JSON string")
      return
    }
    #expect(read.unicodeScalars.elementsEqual(text.unicodeScalars))
  }

  @Test func `bytes of every length are base64 with padding`() {
    for (bytes, expected) in [
      ("", ""), ("66", "Zg=="), ("666f", "Zm8="), ("666f6f", "Zm9v"), ("666f6f62", "Zm9vYg=="),
      ("fbff", "+/8="),
    ] {
      #expect(json("\\\\x" + bytes, .bytes) == "\"\(expected)\"")
      #expect(json("b" + bytes, .dynamic) == "\"\(expected)\"")
    }
  }
}
