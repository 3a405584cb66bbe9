import Rows
import Testing

@Suite struct RowHasherTests {
  private func entry(
    _ line: String,
    key: [Int] = [0],
    counted: [RowHasher.Field] = (0..<3).map { RowHasher.Field(index: $0) },
    seed: UInt64 = 7
  ) -> Entry? {
    var hasher = RowHasher(
      seed: seed,
      fieldCount: 3,
      key: key.map { KeyField(index: $0) },
      counted: counted
    )
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
      key: [KeyField(index: 0), KeyField(index: 2)],
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

  private func key(_ field: String, _ form: KeyField.Form, beside other: String = "i5") -> Entry? {
    var hasher = RowHasher(
      seed: 1,
      fieldCount: 2,
      key: [KeyField(index: 0, form: form), KeyField(index: 1, form: .stored(.byClass))],
      counted: []
    )
    let result = Array("\(field)\t\(other)".utf8).withUnsafeBytes { hasher.hash($0) }
    guard case .entry(let entry) = result else { return nil }
    var alone = RowHasher(
      seed: 1,
      fieldCount: 1,
      key: [KeyField(index: 0, form: form)],
      counted: []
    )
    guard case .entry? = Array(field.utf8).withUnsafeBytes({ alone.hash($0) }) as RowHasher.Result?
    else { return nil }
    return entry
  }

  @Test func `a key of SQLite is its value, however it is stored`() throws {
    let form = KeyField.Form.stored(.byClass)
    let one = try #require(key("i1", form))
    for same in ["r1.0", "t1", "t1.0", "b31", "b312e30"] { #expect(key(same, form) == one) }
    for other in ["t01", "t01.0", "t1.00", "i10", "b32", "r1.5", "i-1", "t", "b"] {
      #expect(key(other, form) != one)
    }
    let texts = KeyField.Form.stored(.asText)
    #expect(key("t1.0", texts) != key("t1", texts) && key("t1.0", texts) == key("r1.0", texts))
    // Leading zeros of a text mean something, unless the user says that it holds numbers.
    #expect(key("t007", form) != key("t7", form))
    let numbers = KeyField.Form.stored(.asNumbers)
    #expect(key("t007", numbers) == key("i7", numbers))
    #expect(key("t7.50", numbers) == key("r7.5", numbers))
    #expect(key("b31", form) != key("tb31", form))
  }

  @Test func `a numeric key is one number in every scale, and a text only itself`() throws {
    #expect(key("1.00", .number) == key("1", .number))
    #expect(key("-0.50", .number) == key("-0.5", .number))
    #expect(key("-0.50", .number) != key("0.5", .number))
    #expect(key("100", .number) != key("1", .number))
    // What was INTEGER and became TEXT has the same key.
    #expect(key("42", .number) == key("42", .text))
    #expect(key("1.0", .text) != key("1", .text))
  }
}
