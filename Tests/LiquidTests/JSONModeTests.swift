import Text
import JSON
import Liquid
import Testing
import Values

@Suite struct JSONModeTests {
  private let hostile = Object([
    ("id", .integer(7)), ("email", .string("a\"b\\c\n</script>\u{1}\u{2028}")),
    ("full_name", .null),
    ("attrs", .object(Object([("x", .array([.integer(1), .string("\"")]))]))),
    ("active", .bool(false)), ("balance", Value.number("12.50") ?? .null),
  ])

  @Test(arguments: [
    (#"{"a":"{{ row.email }}"}"#, #"{"a":"a\"b\\c\n</script>\u0001"# + "\u{2028}\"}"),
    (#"{"a":{{ row.email }}}"#, #"{"a":"a\"b\\c\n</script>\u0001"# + "\u{2028}\"}"),
    (
      #"[{{ row.full_name }},{{ row.id }},{{ row.active }},{{ row.balance }}]"#,
      "[null,7,false,12.50]"
    ),
    (#"["{{ row.full_name }}","{{ row.id }}","{{ row.active }}"]"#, #"["","7","false"]"#),
    (#"[{{ row.attrs }}]"#, #"[{"x":[1,"\""]}]"#),
    (#"[{{ row.attrs | json }}]"#, #"[{"x":[1,"\""]}]"#),
    (#"["{{ row.attrs | json }}"]"#, #"["{\"x\":[1,\"\\\"\"]}"]"#),
    (
      #"{% assign q = '"' %}{{ q | raw }}{{ row.email }}{{ q | raw }}"#,
      #""a\"b\\c\n</script>\u0001"# + "\u{2028}\""
    ),
    (
      #"{% capture c %}{{ row.email }}{% endcapture %}{"c":{{ c }},"d":"{{ c }}"}"#,
      #"{"c":"a\"b\\c\n</script>\u0001"# + "\u{2028}\",\"d\":\"" + #"a\"b\\c\n</script>\u0001"#
        + "\u{2028}\"}"
    ),
    (
      #"[{% for i in (1..3) %}{{ i }}{% unless forloop.last %},{% endunless %}{% endfor %}]"#,
      "[1,2,3]"
    ),
    (#"[{% if row.active %}"{% else %}"x{% endif %}{{ row.email | slice: 0, 2 }}"]"#, #"["xa\""]"#),
    (#"[{{ (1..3) }},{{ nothing }}]"#, "[[1,2,3],null]"),
    (#"["\n{{ row.id }}"]"#, #"["\n7"]"#),
    (#"[{% cycle 'a"', 'b' %},{% increment n %}]"#, #"["a\"",0]"#),
  ])
  func `a value is written as its place in the JSON asks`(
    _ template: String,
    _ expected: String
  )
    throws
  {
    var options = TemplateOptions(mode: .json)
    let source = "{% assign nothing = nil %}" + template
    let text = try rendered(source, hostile, options: options)
    #expect(text == expected)
    var compact = ByteBuffer()
    try Array(text.utf8).withUnsafeBytes { try JSONScanner().compact($0, into: &compact) }
    options.limits.outputBytes = 5
    #expect(throws: LiquidError.self) { try rendered(source, hostile, options: options) }
  }

  private static let list = Object([
    (
      "rows",
      .array([
        .object(Object([("sku", .string("a")), ("ok", .bool(true))])),
        .object(Object([("sku", .string(#"b","admin":true,"z":""#)), ("ok", .bool(false))])),
        .object(Object([("sku", .string("c")), ("ok", .bool(true))])),
      ])
    ), ("markup", .string(#"{"x":1}"#)), ("comma", .string(",")),
  ])

  @Test(arguments: [
    // The three usual ways to build a list.
    (
      #"{% capture l %}{% for r in rows %}{"s":"{{ r.sku }}"}{% unless forloop.last %},{% endunless %}{% endfor %}{% endcapture %}[{{ l }}]"#,
      #"[{"s":"a"},{"s":"b\",\"admin\":true,\"z\":\""},{"s":"c"}]"#
    ),
    (
      #"{% assign sep = "" %}[{% for r in rows %}{% if r.ok %}{{ sep }}"{{ r.sku }}"{% assign sep = "," %}{% endif %}{% endfor %}]"#,
      #"["a","c"]"#
    ),
    (
      #"[{% for r in rows %}{{ r.sku }}{% unless forloop.last %},{% endunless %}{% endfor %}]"#,
      #"["a","b\",\"admin\":true,\"z\":\"","c"]"#
    ),
    // A fragment through what may be done with it.
    (
      #"{% capture o %}{"x":1}{% endcapture %}{"a":{{ o }},"b":"{{ o }}"}"#,
      #"{"a":{"x":1},"b":"{\"x\":1}"}"#
    ),
    (
      #"{% capture o %}{"x":1}{% endcapture %}{% assign l = o | append: ", " | append: o %}[{{ l }}]"#,
      #"[{"x":1}, {"x":1}]"#
    ),
    (
      #"{% capture o %} {"x":1}, {% endcapture %}[{{ o | strip | remove_last: "," }}]"#,
      #"[{"x":1}]"#
    ),
    (#"{% capture o %}{"x":1}{% endcapture %}{{ nothing | default: o }}"#, #"{"x":1}"#),
    (#"{% capture o %}[]{% endcapture %}{% capture p %}{{ o }}{% endcapture %}[{{ p }}]"#, "[[]]"),
    (#"{% capture o %}{"x":1}{% endcapture %}[{{ o | size }}]"#, "[7]"),
    (#"{% capture o %}[1]{% endcapture %}{% if o == "[1]" %}{{ o }}{% endif %}"#, "[1]"),
    (#"[{% for i in (1..3) %}{% cycle "", ",", "," %}{{ i }}{% endfor %}]"#, "[1,2,3]"),
    // What makes plain text of it.
    (#"{% capture o %}{"x":1}{% endcapture %}[{{ o | upcase }}]"#, #"["{\"X\":1}"]"#),
    (#"{% capture o %}[1]{% endcapture %}[{{ o | append: comma }}]"#, #"["[1],"]"#),
    (#"[{{ "," | append: comma }}]"#, #"[",,"]"#),
    // Text stays text, whatever the data holds.
    (#"{% capture t %}hi {{ markup }}{% endcapture %}[{{ t }}]"#, #"["hi {\"x\":1}"]"#),
    (#"[{{ markup }},{{ comma }}]"#, #"["{\"x\":1}",","]"#),
    // A separator where a member's value is owed.
    (#"{"a":{{ "" }},"b": {{ "," }}}"#, #"{"a":"","b": ","}"#),
    // `ifchanged` writes as the text around it.
    (
      #"[{% for r in rows %}{% ifchanged %}{"s":"{{ r.sku }}"}{% endifchanged %}{% unless forloop.last %},{% endunless %}{% endfor %}]"#,
      #"[{"s":"a"},{"s":"b\",\"admin\":true,\"z\":\""},{"s":"c"}]"#
    ),
  ])
  func `captured JSON is a fragment, and data never is`(
    _ template: String,
    _ expected: String
  ) throws {
    let text = try written(template)
    #expect(text == expected)
    var compact = ByteBuffer()
    try Array(text.utf8).withUnsafeBytes { try JSONScanner().compact($0, into: &compact) }
  }

  private func written(_ template: String, partial: String = "") throws -> String {
    let template = try Template(
      source: template,
      options: TemplateOptions(mode: .json),
      partials: { _ in partial }
    )
    var output = ByteBuffer()
    try template.render(into: &output, data: ValueData(Self.list))
    return output.text
  }

  @Test func `a capture that ends inside quotes rejects the row`() throws {
    let source = #"{% capture o %}{"x":"{% endcapture %}[{{ o }}]"#
    let error = #expect(throws: LiquidError.self) { try written(source) }
    #expect(error?.code == .place)
  }

  @Test func `a filter that makes plain text of captured JSON is warned of`() throws {
    let options = TemplateOptions(mode: .json)
    let template = try Template(
      source: #"{% capture o %}{"x":1}{% endcapture %}[{{ o | strip | upcase }},{{ o | size }}]"#,
      options: options
    )
    #expect(template.warnings.map(\.column) == [55])
    #expect(template.warnings.first?.message.contains("`upcase`") == true)
  }

  @Test func `a fragment stays one as an argument of a partial`() throws {
    let text = try written(
      #"{% capture o %}{"x":1}{% endcapture %}{% render "p", item: o %}"#,
      partial: #"{% capture z %}{{ item }}{% endcapture %}[{{ item }},{{ z }},"{{ z }}"]"#
    )
    #expect(text == #"[{"x":1},{"x":1},"{\"x\":1}"]"#)
  }

  @Test(arguments: [#"["\{{ row.id }}"]"#, #"["\u00{{ row.id }}"]"#])
  func `a value cannot stand in the middle of an escape`(_ template: String) {
    let error = #expect(throws: LiquidError.self) {
      try rendered(template, hostile, options: TemplateOptions(mode: .json))
    }
    #expect(error?.code == .place)
  }

  @Test func `a partial continues in the place of its tag`() throws {
    let text = try rendered(
      #"{"a":"{% render 'p', x: row.email %}","b":{% render 'p', x: row.email %}}"#,
      hostile,
      options: TemplateOptions(mode: .json),
      partials: ["p": "{{ x | slice: 0, 2 }}"]
    )
    #expect(text == #"{"a":"a\"","b":"a\""}"#)
  }

  @Test func `the message of the product page comes out`() throws {
    let row = Object([
      ("full_name", .string("Ada \"Countess\" Lovelace")), ("id", .integer(36)), ("email", .null),
    ])
    let template = """
      { "name": "{{ row.full_name }}", "age": {{ row.id }},
        "contact_info": [ {"type": "email", "value": "{{ row.email }}"} ] }
      """
    let text = try rendered(template, row, options: TemplateOptions(mode: .json))
    #expect(
      try JSONParser().parse(text)
        == (try JSONParser().parse(
          #"{"name":"Ada \"Countess\" Lovelace","age":36,"contact_info":[{"type":"email","value":""}]}"#
        ))
    )
  }
}
