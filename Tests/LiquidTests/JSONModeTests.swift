import Bytes
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

  @Test(arguments: [#"["\{{ row.id }}"]"#, #"["\u00{{ row.id }}"]"#])
  func `a value cannot stand in the middle of an escape`(_ template: String) {
    let error = #expect(throws: LiquidError.self) {
      try rendered(template, hostile, options: TemplateOptions(mode: .json))
    }
    #expect(error?.code == .place)
  }

  @Test func `a partial goes on in the place where it stands`() throws {
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
