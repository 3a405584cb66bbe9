import JMESPath
import JSON
import TestSupport
import Testing
import Text
import Values

@Suite struct WritingTests {
  @Test(arguments: [
    ("{a: b, b: a, a: c}", #"{"a":3,"b":1}"#), ("[a, nothing, *]", "[1,null,[1,2,3,[4,null,5]]]"),
    ("{\"k\\\"\\n\": d[?@ > `4`]}", #"{"k\"\n":[5]}"#), ("d[]", "[4,5]"), ("d[?nothing]", "[]"),
    ("d[*].{v: @}", #"[{"v":4},{"v":5}]"#), ("nothing.{a: a}", "null"), ("nothing[*].a", "null"),
    ("join('\"', ['a\n', '\u{e9}'])", "\"a\\n\\\"\u{e9}\""), ("join(', ', `[]`)", #""""#),
    ("nothing || [a] && {b: b}", #"{"b":2}"#), ("a && nothing", "null"), ("d | [0]", "4"),
  ])
  func `a result is written without being made`(_ source: String, _ wanted: String) throws {
    let given = try JSONParser().parse(#"{"a": 1, "b": 2, "c": 3, "d": [4, null, 5]}"#)
    let expression = try Expression(source)
    var output = ByteBuffer()
    try expression.write(given, to: &output)
    #expect(output.text == wanted)
    #expect(expression.difference(of: given) == nil)
  }

  @Test func `an error in the middle leaves nothing behind`() throws {
    let expression = try Expression("[a, [b, {c: length(a)}]]")
    var output = ByteBuffer()
    output.append("before")
    let given = Value.object(Object([("a", .integer(1)), ("b", .string("two"))]))
    #expect(throws: JMESPathError.self) { try expression.write(given, to: &output) }
    #expect(output.text == "before")
    #expect(expression.difference(of: given) == nil)
  }

  @Test func `nesting is cut off at the same level`() throws {
    var value = Value.integer(1)
    for _ in 0..<JSONScanner.depthLimit { value = .array([value]) }
    let expression = try Expression("{a: [@, {b: [@][*]}]}")
    #expect(expression.difference(of: value) == nil)
    var output = ByteBuffer()
    try expression.write(value, to: &output)
    #expect(output.text.contains("[null]"))
  }

  @Test func `a result that multiplies values is refused when it is written, too`() throws {
    let source = Array(repeating: "[@, @]", count: 60).joined(separator: " | ")
    var output = ByteBuffer()
    let error = #expect(throws: JMESPathError.self) {
      try Expression(source).write(.integer(1), to: &output)
    }
    #expect(error?.code == .limit)
    #expect(output.count == 0)
  }

  @Test func `members that are read from slots change nothing`() throws {
    var random = RandomExpressions(seed: 8)
    for _ in 0..<2000 {
      let source = random.expression(depth: 4)
      let given = Value.object(Object(["a", "b", "c"].map { ($0, random.value(depth: 2)) }))
      let slots = Slots(given)
      let expression = try Expression(source)
      let reading = expression.reading { slots.number($0, $1) }
      #expect(reading.outcome(of: given, slots: slots) == expression.outcome(of: given))
      #expect(reading.difference(of: given, slots: slots) == nil)
    }
  }

  @Test func `what is read from slots is not read of the input`() throws {
    let expression = try Expression("{x: data.id, y: [data.who.name, data.other], z: @ | data.id}")
    let reading = expression.reading { root, member in
      root == "data" && member != "other" ? member.utf8.count : nil
    }
    #expect(reading.inputUse.read == [["data", "other"], ["data", "id"]])
  }

  @Test func `what is written of random expressions is the JSON of what they evaluate to`() throws {
    var random = RandomExpressions(seed: 7)
    var (made, failed) = (0, 0)
    for _ in 0..<(Sweep.isWhole ? 4000 : 1500) {
      let source = random.expression(depth: 4)
      let expression = try Expression(source)
      for _ in 0..<3 {
        let given = random.value(depth: 3)
        if let problem = expression.difference(of: given) {
          Issue.record("\(source) of \(json(given)): \(problem)")
        }
        if (try? expression.search(given)) == nil { failed += 1 } else { made += 1 }
      }
    }
    #expect(made > 1000)
    #expect(failed > 200)
  }
}

extension Expression {
  /// The JSON of what is evaluated, or the error.
  func outcome(of given: Value, slots: (any ExpressionSlots)? = nil) -> String {
    do throws(JMESPathError) {
      return json(try search(given, slots: slots))
    } catch {
      return "\(error.code) \(error)"
    }
  }

  /// How what is written of `given` differs from the JSON of what is evaluated; nil if it does not.
  func difference(of given: Value, slots: (any ExpressionSlots)? = nil) -> String? {
    var output = ByteBuffer()
    output.append("before ")
    let wanted = "before \(outcome(of: given, slots: slots))"
    var failure = ""
    do throws(JMESPathError) {
      try write(given, slots: slots, to: &output)
    } catch {
      failure = "\(error.code) \(error)"
    }
    let written = output.text + failure
    return Array(written.utf8) == Array(wanted.utf8) ? nil : "writes \(written), not \(wanted)"
  }
}

/// The members of the members `a` and `b` of an object as slots.
private final class Slots: ExpressionSlots {
  private static let names = ["a", "b"].flatMap { root in
    ["a", "b", "c", "d e"].map { [root, $0] }
  }

  private let input: Value

  init(_ input: Value) { self.input = input }

  func number(_ root: String, _ member: String) -> Int? {
    Self.names.firstIndex(of: [root, member])
  }

  func value(slot: Int) -> Value {
    Self.names[slot].reduce(input) { value, name in
      if case .object(let object) = value { object[name] ?? .null } else { .null }
    }
  }

  func append(slot: Int, to output: inout ByteBuffer) -> Bool {
    let value = value(slot: slot)
    if value.isNull { return false }
    output.append(json: value)
    return true
  }
}

/// The compact JSON of a value.
private func json(_ value: Value) -> String {
  var output = ByteBuffer()
  output.append(json: value)
  return output.text
}

/// Expressions and values that a seed repeats, over few names so that they meet.
struct RandomExpressions {
  private static let names = ["a", "b", "c", "\"d e\""]
  private static let literals = [
    "`1`", "`-2.50`", "`true`", "`null`", "'text'", "'q\"\\\\n'", "`[1, [2, null], \"x\"]`",
    "`{\"a\": {\"b\": [\"s\", \"t\"]}}`", "`[]`", "''",
  ]

  private var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(state: seed) }

  private mutating func pick(_ items: [String]) -> String {
    items[generator.next(below: items.count)]
  }

  /// An expression that nests up to `depth` others.
  mutating func expression(depth: Int) -> String {
    if depth == 0 { return pick(Self.names + ["@", "a.b", "b.c.a", "c.a"] + Self.literals) }
    func one() -> String { expression(depth: generator.next(below: depth)) }
    switch generator.next(below: 16) {
    case 0: return "{\(pick(Self.names)): \(one()), \(pick(Self.names)): \(one())}"
    case 1: return "[\(one()), \(one())]"
    case 2: return "\(pick(Self.names)).{x: \(one()), y: \(one())}"
    case 3: return "\(one()) | \(one())"
    case 4: return "(\(one()))[*].\(pick(Self.names))"
    case 5: return "(\(one()))[?\(one())].[\(one())]"
    case 6: return "(\(one()))[]"
    case 7: return "(\(one())).*.\(pick(Self.names))"
    case 8: return "(\(one())) || (\(one()))"
    case 9: return "(\(one())) && (\(one()))"
    case 10: return "(\(one())) \(pick(["==", "!=", "<", ">="])) (\(one()))"
    case 11: return "!(\(one()))"
    case 12: return "(\(one()))[\(pick(["0", "-1", "1:", "::-1", "*"]))]"
    case 13: return "join(\(pick(["', '", "'\"'", one()])), \(pick(["a", "b", "*", one()])))"
    case 14: return "map(&\(one()), \(pick(["a", "b", one()])))"
    default:
      let name = pick(["keys", "values", "to_string", "to_array", "type", "length", "not_null"])
      return "\(name)(\(one()))"
    }
  }

  /// A value that nests up to `depth` others.
  mutating func value(depth: Int) -> Value {
    let kinds = depth == 0 ? 6 : 10
    switch generator.next(below: kinds) {
    case 0: return .null
    case 1: return .bool(generator.next(below: 2) == 0)
    case 2: return .integer(generator.next(below: 5) - 2)
    case 3: return Value.number("1.50") ?? .null
    case 4, 5:
      return .string(pick(["", "a", "q\"\n", "\u{e9}\u{1F600}", "a text beyond 15 bytes"]))
    case 6, 7: return .array((0..<generator.next(below: 4)).map { _ in value(depth: depth - 1) })
    default:
      return .object(
        Object(["a", "b", "c", "d e"].map { ($0, value(depth: depth - 1)) })
      )
    }
  }
}
