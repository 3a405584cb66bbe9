import Values

extension Generator {
  static let hostile = [
    "\"", "\\", "\\\"", "\",\"admin\":true,\"x\":\"", "\n\r\t\u{0}\u{1}\u{1F}\u{7F}", "</script>",
    "{{ x }}{% raw %}", "\u{2028}\u{2029}\u{FEFF}", "\u{FFFD}\u{FFFE}\u{10FFFF}", "\\u0000",
    "\\ud800", "}]}", "null", "1e999", "-", "é\u{301}👩‍👩‍👧", "'", "]]>", "%}", "", " ",
  ]

  mutating func text(isHostile: Bool) -> String {
    guard isHostile else { return pick(["abc", "x y", "Ada", "2024-01-02", "7"], or: "abc") }
    var text = pick(Generator.hostile, or: "\"")
    for _ in 0..<count(3) { text += pick(Generator.hostile, or: "\\") }
    // Rarely a megabyte: it costs as much as thousands of others.
    if Int.random(in: 0..<100_000, using: &random) == 0 {
      text = String(repeating: "\"\\\u{1}", count: 1 << 20 / 3)
    }
    return text
  }

  mutating func data(_ depth: Int, isHostile: Bool) -> Value {
    switch count(depth > 0 ? 10 : 7) {
    case 0: return .null
    case 1: return .bool(chance(50))
    case 2: return .integer(pick([0, 1, -1, 7, 42, Int.max, Int.min], or: 0))
    case 3:
      return Value.number(
        pick(["1.50", "1e400", "-0", "123456789012345678901234567890", "0.1"], or: "0")
      ) ?? .null
    case 4:
      return .float(
        pick(isHostile ? [.nan, .infinity, -.infinity, 1e300, -0.0] : [0.5, 2], or: 0)
      )
    case 5, 6, 7: return .string(text(isHostile: isHostile))
    case 8: return .array((0..<count(4)).map { _ in data(depth - 1, isHostile: isHostile) })
    default: return .object(object(depth - 1, isHostile: isHostile))
    }
  }

  mutating func object(_ depth: Int, isHostile: Bool) -> Object {
    var object = Object()
    for key in ["k", "a", isHostile ? text(isHostile: true) : "b"] where chance(70) {
      object[key] = data(depth, isHostile: isHostile)
    }
    return object
  }

  /// The variables of a template.
  mutating func variables(isHostile: Bool) -> Object {
    var object = Object()
    for name in Generator.names.dropLast(2) where chance(85) {
      object[name] = data(3, isHostile: isHostile)
    }
    object["s"] = .string(text(isHostile: isHostile))
    object["n"] = .integer(pick([0, 1, 2, 3, 50, -4], or: 1))
    return object
  }

  /// A template of a JSON message: outputs stand in strings and in the places of values.
  mutating func message(_ depth: Int) -> String {
    switch count(depth > 0 ? 9 : 3) {
    case 0: return "\"\(pick(["", "id-", "\\n\\u00e9\\\\"], or: ""))\(stringPart())\""
    case 1, 2: return "{{ \(jsonValue()) }}"
    case 3: return pick(["1", "null", "\"x\"", "-2.5e3", "true"], or: "1")
    case 4: return "{\"k\": \(message(depth - 1)), \"\(stringPart())\":\(message(depth - 1))}"
    case 5: return "[\(message(depth - 1)), \(message(depth - 1))]"
    case 6:
      return
        "{% if \(condition()) %}\(message(depth - 1)){% else %}\(message(depth - 1)){% endif %}"
    case 7:
      return
        "[{% for i in \(value()) limit: 5 %}{{ i }}{% unless forloop.last %},{% endunless %}{% endfor %}]"
    case 8: return "{% capture c %}\(stringPart()){% endcapture %}{{ c }}"
    default: return "{% render 'm', x: \(value()) %}"
    }
  }

  private mutating func stringPart() -> String {
    switch count(4) {
    case 0: return "{{ \(jsonValue()) }}"
    case 1: return "{{ \(jsonValue()) }} and {{ \(jsonValue()) }}"
    case 2: return "{% if \(condition()) %}{{ \(jsonValue()) }}{% else %}no{% endif %}"
    case 3: return "{% for i in \(value()) limit: 4 %}{{ i }}{% cycle s, 'b' %}{% endfor %}"
    default: return "{% assign y = \(jsonValue()) %}{{ y }}{% render 't', x: y %}"
    }
  }

  private mutating func jsonValue() -> String { filtered() }
}
