import JMESPath
import JSON
import Testing
import Values

@Suite struct ExpressionTests {
  @Test(arguments: [
    ("sum(@)", "[9223372036854775807, 1]", Value.number("9223372036854775808")),
    ("abs(@)", "-9223372036854775808", Value.number("9223372036854775808")),
    ("[?@ == `1`]", "[1, 1.0, 2, 1e0]", nil),
    ("ceil(@)", "12345678901234567890.5", Value.number("12345678901234567891")),
    ("avg(@)", "[1, 3]", .integer(2)),
    ("max(@)", "[0.1, 1e400, 2]", Value.number("1e400")),
  ])
  func `numbers keep their digits`(_ source: String, _ given: String, _ wanted: Value?) throws {
    let result = try Expression(source).search(JSONParser().parse(given))
    if let wanted {
      #expect(result == wanted)
    } else {
      #expect(result == .array(["1", "1.0", "1e0"].compactMap { Value.number($0) }))
    }
  }

  @Test func `members keep their order, and strings are compared by code points`() throws {
    let given = try JSONParser().parse(#"{"z": 1, "a": 2, "e": ["\u00e9", "e\u0301"]}"#)
    let keys: [Value] = ["z", "a", "e"].map(Value.string)
    #expect(try Expression("keys(@)").search(given) == .array(keys))
    #expect(try Expression("e[0] == e[1]").search(given) == .bool(false))
  }

  @Test func `a text between backticks without quotes is itself, as it used to be`() throws {
    #expect(try Expression("`created`").search(.null) == .string("created"))
    #expect(throws: JMESPathError.self) { try Expression("`{a: 1}`") }
  }

  @Test(arguments: [
    ("foo.bar(", JMESPathError.Code.syntax, 1, 9),
    ("a |\n  nope(b)", .unknownFunction, 2, 3),
    ("a.length()", .invalidArity, 1, 3),
    ("a[::0]", .invalidValue, 1, 5), ("a[8:2:0:1]", .syntax, 1, 8), ("a[8:2:0", .syntax, 1, 8),
    ("a[1 2]", .syntax, 1, 5),
    ("\u{e9}", .syntax, 1, 1),
    ("&a", .syntax, 1, 1),
    ("", .syntax, 1, 1),
  ])
  func `an error names its place`(
    _ source: String,
    _ code: JMESPathError.Code,
    _ line: Int,
    _ column: Int
  ) throws {
    let error = try #require(throws: JMESPathError.self) { try Expression(source) }
    #expect(error.code == code)
    #expect([error.line, error.column] == [line, column])
  }

  @Test(arguments: [
    "(", "[", "!", "a.", "a[", "[?", "{a:", "a|", "f(", "&", "*.", "[]", "[*]", "a||",
  ])
  func `no nesting runs away`(_ piece: String) {
    let source = String(repeating: piece, count: 50_000)
    #expect(throws: JMESPathError.self) { try Expression(source + "a").search(.null) }
    _ = try? Expression(source)
  }

  @Test(arguments: ["", " | to_string(@)", " | @ == [@]"])
  func `no expression multiplies values without end`(_ end: String) throws {
    let source = Array(repeating: "[@, @]", count: 60).joined(separator: " | ") + end
    let error = #expect(throws: JMESPathError.self) { try Expression(source).search(.integer(1)) }
    #expect(error?.code == .limit)
  }

  @Test(arguments: [
    "[9223372036854775807]", "[-9223372036854775808]", "[99999999999999999999:]",
    "[:-99999999999999999999:-9223372036854775808]", "[9223372036854775807::9223372036854775807]",
  ])
  func `numbers beyond every array do no harm`(_ source: String) throws {
    _ = try Expression(source).search(.array([.integer(1), .integer(2)]))
  }

  @Test func `damaged expressions are refused or work, and never trap`() throws {
    let sources = [
      "sort_by(people[?age > `1`], &name)[*].{n: name, \"q\": [a, b][0]} | [0:-1:2]",
      "merge(@, {a: `{\"x\": [1, 2]}`}).a.x[] || 'it\\'s' && !(b == c)",
    ]
    for source in sources {
      let bytes = Array(source.utf8)
      for index in bytes.indices {
        for byte in "\"'`[]{}().*&|!@,:\\0-\u{1}".utf8 {
          var damaged = bytes
          damaged[index] = byte
          let text = String(decoding: damaged, as: UTF8.self)
          _ = try? Expression(text).search(.object(Object([("a", .array([.null]))])))
        }
        _ = try? Expression(String(decoding: bytes[..<index], as: UTF8.self))
      }
    }
  }

  @Test func `what is read of the input is known beforehand`() throws {
    let use = try Expression("{id: data.id, who: data.who.name || metadata}").inputUse
    #expect(use.read == [["data", "id"], ["data", "who", "name"], ["metadata"]])
    #expect(use.tested == [[]])
    #expect(try Expression("keys(@)").inputUse.read == [[]])
    #expect(try Expression("data.items[*].id").inputUse.read == [["data", "items"]])
  }
}
