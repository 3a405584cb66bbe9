import Text
import JSON
import Liquid
import TestSupport
import Testing
import Values

/// What is known of a template's JSON before any row.
@Suite struct JSONCheckTests {
  private static func faults(
    _ source: String,
    partials: [String: String] = [:]
  ) throws -> [String] {
    let template = try Template(
      source: source,
      name: "t",
      options: TemplateOptions(mode: .json),
      partials: { partials[$0] }
    )
    return template.jsonFaults.map { fault in
      let place = "\(fault.line):\(fault.column)"
      return (fault.template == "t" ? place : "\(fault.template) \(place)") + " \(fault.message)"
    }
  }

  private static let comma = "a comma is missing before this"

  @Test(arguments: [
    (#"{"a": 1 "b": 2}"#, ["1:9 \(comma)"]),
    (#"{"a": {{ row.a }} "b": {{ row.b }} "c": 3}"#, ["1:19 \(comma)", "1:36 \(comma)"]),
    (#"{"a": "{{ row.a }}""b": 1}"#, ["1:20 \(comma)"]),
    (#"[{{ row.a }} {{ row.b }}]"#, ["1:14 \(comma)"]),
    (#"[{"a": 1} {"a": 2}]"#, ["1:11 \(comma)"]),
    ("[\n  1,\n  2\n  3\n]", ["4:3 \(comma)"]),
    (#"{"a": 1 {% if row.b %}"b": 2{% endif %}}"#, ["1:23 \(comma)"]),
    (#"{"a": 1{% if row.b %}, "b": 2{% endif %} "c": 3}"#, ["1:42 \(comma)"]),
    (#"[{% for x in row.xs %}{"a": 1 "b": {{ x }}},{% endfor %} 0]"#, ["1:31 \(comma)"]),
    (#"[1 {% for x in row.xs %}, {{ x }}{% endfor %} 0]"#, ["1:47 \(comma)"]),
    (
      #"{% capture c %}{% for x in row.xs %}{"a": 1 "b": 2},{% endfor %}{% endcapture %}[{{ c }}0]"#,
      ["1:45 \(comma)"]
    ),
    (#"[{% case row.a %}{% when 1 %}1 2{% else %}3{% endcase %}]"#, ["1:32 \(comma)"]),
    (#"{"a" {{ row.a }}}"#, ["1:6 a colon is missing before this"]),
    (#"{"a" 1, "b" 2}"#, (["1:6", "1:13"]).map { $0 + " a colon is missing before this" }),
    (#"{"a": 1,}"#, ["1:9 nothing stands between the last comma and this bracket"]),
    (
      #"[{% for x in row.xs %}{{ x }},{% endfor %}1,]"#,
      ["1:45 nothing stands between the last comma and this bracket"]
    ),
    (#"{"a": }"#, ["1:7 a value is missing before this"]),
    (#"{"a": [1, 2}"#, ["1:12 this bracket closes another kind of bracket"]),
    (#"{"a": [1, 2]"#, ["1:1 this bracket is never closed"]),
    (
      #"{% if row.a %}{"a": [1}{% else %}{}{% endif %}"#,
      [
        "1:23 this bracket closes another kind of bracket"
      ]
    ),
    (#"{"a": "{{ row.a }}}"#, ["1:7 this string is never closed"]),
    ("{\"a\": \"x,\n \"b\": 1}", ["1:7 this string is not closed in its line"]),
    (#"{"a": 1}}"#, ["1:9 this bracket closes nothing"]),
    (#"{"a": 1} {"a": 2}"#, ["1:10 a message is one JSON value: this is a second one"]),
    (#"{"a": {{ row.a }} EUR}"#, ["1:19 a comma or the closing bracket is expected"]),
    (#"{"a": yes}"#, ["1:7 a JSON value is expected"]),
    (#"{a: 1}"#, ["1:2 a member's name in quotes is expected"]),
    (#"{"a": "\x"}"#, ["1:9 JSON does not have this escape"]),
    (
      #"{"a": "\{{ row.a }}"}"#,
      [
        #"1:9 a value cannot stand in the middle of an escape such as \n"#
      ]
    ),
    (#"{% comment %}x{% endcomment %}  "#, ["1:32 a JSON value is missing"]),
    (
      #"{"a": [{{ row.a }} {{ row.b }}], "b" 1, "c": x, "d" 2}"#,
      [
        "1:20 \(comma)", "1:38 a colon is missing before this", "1:46 a JSON value is expected",
        "1:53 a colon is missing before this",
      ]
    ),
  ])
  func `what no row can make valid is told with its place`(
    _ source: String,
    _ expected: [String]
  ) throws {
    #expect(try Self.faults(source) == expected)
  }

  @Test(arguments: [
    #"{"price": {{ row.euros }}.{{ row.cents }}}"#,
    #"{"n": {{ row.a }}{{ row.b }}}"#,
    #"[{% for x in row.xs %}{{ x }}{% unless forloop.last %},{% endunless %}{% endfor %}]"#,
    #"{% assign s = "" %}[{% for x in row.xs %}{{ s }}{{ x }}{% assign s = ", " %}{% endfor %}]"#,
    #"[{% for x in row.xs %}{% cycle "", "," %}{{ x }}{% endfor %}]"#,
    #"[{% for x in row.xs %}{{ x }}{% endfor %}]"#,
    #"{% capture c %}{% for x in row.xs %},{"a": {{ x }}}{% endfor %}{% endcapture %}[0{{ c }}]"#,
    #"{% capture t %}{{ row.a }} and{% endcapture %}{"a": {{ t }}, "b": "{{ t }}"}"#,
    #"{"a": 1{% if row.b %},{% endif %} {% if row.b %}"b": 2{% endif %}}"#,
    #"{% if row.a %}[{% else %}{"x":{% endif %}1{% if row.a %}]{% else %}}{% endif %}"#,
    #"{"a": {% if row.a %}1{% elsif row.b %}2{% endif %}}"#,
    #"{"a": {% case row.a %}{% when 1, 2 %}1{% when 3 %}2{% endcase %}}"#,
    #"{ {{ row.name }}: 1, "b": {{ "" }}, "c": "{{ "" }}" }"#,
    #"{"a": {{ row.json | raw }} "b": 1}"#,
    #"{{ row.json | raw }}"#,
    #"[{% for x in row.xs %}{% if x %}{{ x }},{% continue %}{% endif %}{% break %}{% endfor %}0]"#,
    #"[1{% if row.b %}]{% break %}{% endif %}, 2]"#,
    #"{"a": "{{ row.a }}\n{{ row.b }}", "\u00e9": -1.5e-3, "t": true, "n": null}"#,
    #"{"a": "{% for x in row.xs %}{{ x }}, {% endfor %}"}"#,
    #"["{% tablerow x in row.xs %}{{ x }}{% endtablerow %}"]"#,
    #"[{% increment n %}, {% decrement n %}]"#,
    #"[{% ifchanged %}1{% endifchanged %}]"#,
    #"{% assign s = "," | append: "" %}[1{{ s }}2]"#,
    #"[1{{ row.a | default: "," }}2]"#,
    #"{% liquid assign s = "," %}[1{{ s }}2]"#,
    "{% raw %}{\"a\": 1}{% endraw %}",
  ])
  func `what is right for some rows is left to rendering`(_ source: String) throws {
    #expect(try Self.faults(source) == [])
  }

  @Test func `a partial's faults carry its name, and what it writes is known`() throws {
    let partials = [
      "bad": #"{"a": 1 "b": {{ x }}}"#, "item": #"{"a": {{ x }}}"#, "open": #"{"a": {{ x }}"#,
      "self": #"[{% render "self" %}]"#,
    ]
    #expect(
      try Self.faults(#"[{% render "bad", x: 1 %}, 2 3]"#, partials: partials)
        == ["1:30 \(Self.comma)", "bad 1:9 \(Self.comma)"]
    )
    #expect(
      try Self.faults(#"[{% render "item", x: 1 %} {% render "item", x: 2 %}]"#, partials: partials)
        == ["item 1:1 \(Self.comma)"]
    )
    #expect(
      try Self.faults(#"{% render "open", x: 1 %}"#, partials: partials)
        == ["open 1:1 this bracket is never closed"]
    )
    for right in [
      #"[{% include "item" %}]"#, #"[{% render "item" for row.xs as x %}]"#,
      #"{% render "open", x: 1 %}}"#, #"{% render "self" %}"#, #"{% include row.name %}"#,
    ] {
      #expect(try Self.faults(right, partials: partials) == [], "\(right)")
    }
  }

  @Test func `all errors of a template are told at once, each where it is`() throws {
    let source = """
      {{ rwo.a | upcase }} {{ row.b | upcse }}
      {% assign = 1 %}{{ row.x }}{% if row.c === 1 %}{{ row.d | splt: 1 }}{% endif %}
      {% render "nowhere" %}{% for y in row.ys %}{{ z }}{% endfor %}
      """
    let error = #expect(throws: LiquidError.self) {
      try Template(
        source: source,
        schema: TemplateSchema(roots: [.init("row", .object([:], isClosed: false))])
      )
    }
    let places = error?.all.map { "\($0.line):\($0.column)" }
    #expect(places == ["1:4", "1:33", "2:4", "2:42", "2:59", "3:47"], "\(error?.all ?? [])")
  }

  /// A generator that repeats itself.
  private struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }

  /// A value of a template, every branch of which is taken.
  private static func value(_ depth: Int, _ random: inout Generator) -> [String] {
    let plain = [
      ["1"], ["{{ row.n }}"], ["\"x\""], ["\"", "{{ row.s }}", "\""], ["null"], ["{{ row.s }}"],
      ["-2.5e3"],
    ]
    guard depth > 0 else { return plain.randomElement(using: &random) ?? ["0"] }
    switch Int.random(in: 0..<6, using: &random) {
    case 0: return plain.randomElement(using: &random) ?? ["0"]
    case 1: return ["{% if row.n %}"] + value(depth - 1, &random) + ["{% endif %}"]
    case 2:
      let item = value(depth - 1, &random)
      return ["[", "{% for x in row.xs %}"] + item
        + ["{% unless forloop.last %}", ",", "{% endunless %}", "{% endfor %}", "]"]
    case 3:
      return ["["] + value(depth - 1, &random) + [",", " "] + value(depth - 1, &random) + ["]"]
    default:
      return ["{ ", "\"a\"", ":"] + value(depth - 1, &random) + [",", "\"b\"", ":", " "]
        + value(depth - 1, &random) + ["}"]
    }
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func `templates with pieces lost or doubled are refused only if they render no JSON`(
    seed: UInt64
  ) throws {
    var random = Generator(state: seed &* 977)
    let row = Object([
      ("n", .integer(7)), ("s", .string("a\"b")),
      ("xs", .array([.integer(1), .integer(2), .integer(3)])),
    ])
    var compiled = 0
    let count = Sweep.isWhole ? 300 : 100
    for _ in 0..<count {
      var pieces = Self.value(4, &random)
      let tags = pieces.indices.filter { !pieces[$0].hasPrefix("{%") }
      let place = try #require(tags.randomElement(using: &random))
      switch Int.random(in: 0..<3, using: &random) {
      case 0: pieces.remove(at: place)
      case 1: pieces.insert(pieces[place], at: place)
      default: break
      }
      let source = pieces.joined()
      guard let template = try? Template(source: source, options: TemplateOptions(mode: .json))
      else { continue }
      compiled += 1
      var output = ByteBuffer()
      try template.render(into: &output, data: ValueData(Object([("row", .object(row))])))
      let isValid = (try? JSONScanner().validate(output.bytes)) != nil
      let faults = template.jsonFaults
      if isValid { #expect(faults == [], "\(source)") }
      // What only some rows make invalid is not told: loops may be empty, and numbers may touch.
      let touching = ["{%", "}}{{", "}}1", "}}-", "1{{", "3{{", "1-", "3-", "31"]
      if !isValid, !touching.contains(where: source.contains) {
        #expect(!faults.isEmpty, "\(source)")
      }
    }
    #expect(compiled > count * 5 / 6)
  }
}
