import Rows
import Testing
import Text

@testable import State

/// The records of a segment, column after column, and back.
@Suite struct SegmentRecordsTests {
  /// What ``FieldColumns`` makes of lines: the fields and the number of columns.
  private func columns(of lines: [String]) -> (fields: String, count: Int) {
    var gathering = FieldColumns()
    return text(lines).withUnsafeBytes { bytes in
      gathering.gather(bytes, rows: lines.count) { fields, ends in
        #expect(ends.last == fields.count)
        return (String(decoding: fields, as: UTF8.self), ends.count)
      }
    }
  }

  private func text(_ lines: [String]) -> [UInt8] {
    Array(lines.map { $0 + "\n" }.joined().utf8)
  }

  /// The lines that are read of `fields`, in one frame; nil if they are refused.
  private func lines(of fields: String, rows: Int, columns: Int) -> [String]? {
    let zstandard = Zstandard()
    var records = SegmentRecords()
    let sound = Array(fields.utf8).withUnsafeBytes { bytes in
      zstandard.compress(bytes) {
        records.expand($0, rows: rows, columns: columns, with: zstandard)
      }
    }
    guard sound == true else { return nil }
    var lines = Page.Lines()
    records.appendAll(to: &lines)
    return (0..<lines.count).map { String(decoding: lines.line($0), as: UTF8.self) }
  }

  @Test func `fields of a column stand together`() {
    let (fields, count) = columns(of: ["1\tone\ta", "2\ttwo\t", "3\t\\N\tc"])
    #expect(count == 3)
    #expect(fields == "1\n2\n3\none\ntwo\n\\N\na\n\nc\n")
  }

  @Test(
    arguments: [
      ["1\tone", "2"], ["1", "2\ttwo"], ["1\ta\tb", "2\ta", "3\ta\tb\tc"], ["a", "b"], [""],
      ["1\tone", "2\ttwo\tthree"],
    ]
  )
  func `lines whose fields are not equally many, or single, stay whole`(_ whole: [String]) {
    let (fields, count) = columns(of: whole)
    #expect(count == 1)
    #expect(Array(fields.utf8) == text(whole))
    #expect(lines(of: fields, rows: whole.count, columns: 1) == whole)
  }

  @Test(arguments: [(1, 2), (1, 40), (300, 2), (300, 9), (4096, 3), (20, 200)])
  func `lines come back as they were`(rows: Int, columnCount: Int) {
    var random = SystemRandomNumberGenerator()
    for length in [0, 1, 15, 16, 17, 40] {
      let made = (0..<rows).map { _ in
        (0..<columnCount).map { _ in
          String(repeating: "x", count: Int.random(in: 0...length, using: &random))
            + (["", "é", "\\t", "\u{8}"].randomElement(using: &random) ?? "")
        }.joined(separator: "\t")
      }
      let (fields, count) = columns(of: made)
      #expect(count == columnCount)
      #expect(lines(of: fields, rows: rows, columns: count) == made)
    }
  }

  @Test(arguments: [(2, 1), (3, 2), (1, 6), (6, 1), (0, 2), (2, 0), (-1, 2), (Int.max, 2)])
  func `a frame with another number of fields is refused`(rows: Int, columns: Int) {
    #expect(lines(of: "1\n2\n3\n4\n", rows: rows, columns: columns) == nil)
  }

  @Test func `a frame that does not end with a field is refused`() {
    #expect(lines(of: "1\n2\n3\n4", rows: 2, columns: 2) == nil)
    #expect(lines(of: "1\n2\n3\n4\n5", rows: 2, columns: 2) == nil)
  }

  @Test func `a gathering is used again`() {
    var gathering = FieldColumns()
    for made in [["1\tone", "2\ttwo"], ["1\t2\t3"], ["a"], ["1\tone", "2\ttwo", "3\tthree"]] {
      let (fields, count) = text(made).withUnsafeBytes { bytes in
        gathering.gather(bytes, rows: made.count) {
          (String(decoding: $0, as: UTF8.self), $1.count)
        }
      }
      #expect(lines(of: fields, rows: made.count, columns: count) == made)
    }
  }

  @Test(
    arguments: [
      ([10, 20, 30], 11, []), ([10, 21, 30], 11, [10, 21]), ([11, 21, 32], 11, [11, 21]),
      ([10, 11, 30], 11, [11]), ([100], 11, []), ([], 11, []),
    ]
  )
  func `a large column is compressed apart`(ends: [Int], byteCount: Int, breaks: [Int]) {
    #expect(ends.breaks(for: byteCount) == breaks)
  }

  @Test func `a frame with breaks is one frame, and holds the same`() {
    var random = SystemRandomNumberGenerator()
    let zstandard = Zstandard()
    let bytes = (0..<600_000).map { _ in UInt8.random(in: 0..<16, using: &random) }
    for breaks in [
      [1], [131_072, 131_073], [599_999], Array(stride(from: 7, to: 600_000, by: 997)),
    ] {
      var expanded = ByteBuffer()
      let sound = bytes.withUnsafeBytes { bytes in
        zstandard.compress(bytes, breaks: breaks) { zstandard.expand($0, into: &expanded) }
      }
      #expect(sound == true && Array(expanded.bytes) == bytes, "\(breaks.count)")
    }
  }
}
