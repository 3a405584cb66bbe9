import Rows
import Testing

@Suite struct RowHasherTests {
  private func entry(
    _ line: String,
    key: [Int] = [0],
    counted: [RowHasher.Field] = (0..<3).map { RowHasher.Field(index: $0) },
    seed: UInt64 = 7
  ) -> Entry? {
    var hasher = RowHasher(seed: seed, fieldCount: 3, key: key, counted: counted)
    let result = Array(line.utf8).withUnsafeBytes { hasher.hash($0) }
    guard case .entry(let entry) = result else { return nil }
    return entry
  }

  @Test func `a row has one key whatever its other columns hold`() throws {
    let first = try #require(entry("1\ta\tb"))
    let second = try #require(entry("1\ta\tc"))
    #expect(first.hasKey(of: second))
    #expect(first.fingerprint != second.fingerprint)
    #expect(entry("1\ta\tb") == first)
    #expect(entry("1\ta\tb", seed: 8) != first)
  }

  @Test func `a key of several columns is one wherever they stand`() throws {
    let beside = try #require(entry("1\t2\tx", key: [0, 1]))
    let turned = try #require(entry("2\t1\tx", key: [1, 0]))
    let apart = try #require(entry("1\tx\t2", key: [0, 2]))
    #expect(beside.hasKey(of: turned))
    #expect(beside.hasKey(of: apart))
    #expect(!beside.hasKey(of: try #require(entry("2\t1\tx", key: [0, 1]))))
  }

  @Test func `columns never run into each other`() throws {
    let first = try #require(entry("ab\tc\tx", key: [0, 1]))
    let second = try #require(entry("a\tbc\tx", key: [0, 1]))
    #expect(!first.hasKey(of: second))
    #expect(entry("1\t\\N\tx")?.fingerprint != entry("1\t\tx")?.fingerprint)
    #expect(entry("1\t\\N\tx")?.fingerprint != entry("1\t\\\\N\tx")?.fingerprint)
  }

  @Test func `columns that do not count change nothing`() {
    let counted = [RowHasher.Field(index: 0), RowHasher.Field(index: 2)]
    #expect(entry("1\ta\tb", counted: counted) == entry("1\tz\tb", counted: counted))
    #expect(entry("1\ta\tb", counted: counted) != entry("1\ta\tz", counted: counted))
  }

  @Test func `numbers may be compared as numbers`() {
    let counted = [
      RowHasher.Field(index: 0), RowHasher.Field(index: 1, isComparedAsNumber: true),
    ]
    #expect(entry("1\t1.50\tb", counted: counted) == entry("1\t15e-1\tb", counted: counted))
    #expect(entry("1\t1.50\tb", counted: counted) != entry("1\t1.51\tb", counted: counted))
    #expect(entry("1\t\\N\tb", counted: counted) != entry("1\t0\tb", counted: counted))
  }

  @Test func `a NULL in the key and a line that does not fit are told`() {
    var hasher = RowHasher(
      seed: 1,
      fieldCount: 3,
      key: [0, 2],
      counted: [RowHasher.Field(index: 1)]
    )
    for (line, isNull) in [("\\N\ta\tb", true), ("a\tb\t\\N", true), ("a\tb", false), ("", false)] {
      let result = Array(line.utf8).withUnsafeBytes { hasher.hash($0) }
      switch result {
      case .keyIsNull: #expect(isNull)
      case .malformed: #expect(!isNull)
      case .entry: Issue.record("\(line) has an entry")
      }
    }
  }
}
