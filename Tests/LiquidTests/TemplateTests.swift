import Text
import Liquid
import Testing
import Values

@Suite struct TemplateTests {
  private let row = Object([("id", .integer(7)), ("email", .string("a@b.c"))])

  @Test func `an unknown column names its place and what may be meant`() {
    let error = #expect(throws: LiquidError.self) {
      try Template(source: "one\n {{ row.emial }}", name: "m.liquid", schema: RowData.schema)
    }
    #expect(
      error?.description == """
        m.liquid:2:5: error: there is no `row.emial` (did you mean `email`?)
         {{ row.emial }}
            ^
        """
    )
    #expect(error?.code == .unknownVariable)
  }

  @Test(
    arguments: [
      ("{{ rwo.id }}", LiquidError.Code.unknownVariable, "did you mean `row`?"),
      ("{{ row.id | upcas }}", .unknownFilter, "did you mean `upcase`?"),
      ("{% fro x in y %}", .unknownTag, "did you mean `for`?"),
      ("{{ row.id | plus }}", .argument, nil), ("{{ row.id | }}", .syntax, nil),
      ("{% render 'none' %}", .partial, nil), ("{% if row.id %}", .syntax, nil),
      ("{{ row.id", .syntax, nil),
    ] as [(String, LiquidError.Code, String?)]
  )
  func `mistakes are found when the template is compiled`(
    _ source: String,
    _ code: LiquidError.Code,
    _ hint: String?
  ) {
    let error = #expect(throws: LiquidError.self) {
      try Template(source: source, schema: RowData.schema)
    }
    #expect(error?.code == code)
    #expect(error?.hint == hint)
  }

  @Test func `an error in a partial names the partial`() {
    let error = #expect(throws: LiquidError.self) {
      try Template(source: "{% render 'p' %}", partials: { _ in "\n\n {{ x | nix }}" })
    }
    #expect(error?.template == "p")
    #expect(error?.line == 3)
  }

  @Test func `a template says what it mentions`() throws {
    let template = try Template(
      source: "{{ row.id }}{% render 'p' %}",
      schema: RowData.schema,
      partials: { _ in "{{ previous.email }}" }
    )
    #expect(template.mentionedRoots == [0, 1])
    #expect(template.mentionedSlots == [0, 7])
    #expect(template.lone == nil)
  }

  @Test(
    arguments: [
      ("{{ row.id }}", Template.Lone.slot(0)), ("{{ row }}", .root(0)), ("{{ now }}", .slot(12)),
      ("{{ row.attrs.x }}", .value), ("{{ row.id | plus: 1 }}", nil), (" {{ row.id }}", nil),
    ] as [(String, Template.Lone?)]
  )
  func `a lone output is known`(_ source: String, _ lone: Template.Lone?) throws {
    #expect(try Template(source: source, schema: RowData.schema).lone == lone)
  }

  @Test func `a lone output keeps its type`() throws {
    let template = try Template(source: "{{ row['attrs'].x }}", schema: RowData.schema)
    var renderer = Renderer(template)
    let row = Object([("attrs", .object(Object([("x", .bool(true))])))])
    #expect(try renderer.value(data: RowData(row)) == .bool(true))
  }

  @Test(arguments: [
    ("{{ row.id }} {{ row['email'] }} {{ previous.id }}", "7 a@b.c "),
    ("{% for p in row %}{{ p[0] }}={{ p[1] }};{% endfor %}", "id=7;email=a@b.c;"),
    ("{% assign k = 'id' %}{{ row[k] }} {{ row.size }}", "7 2"),
    ("{% for row in (1..2) %}{{ row }}{% endfor %}{{ row.id }}", "127"),
    ("{{ row.id }}{% assign row = 'x' %}{{ row }}", "7x"),
    ("{% if previous == nil %}new{% endif %}", "new"),
    ("{% render 'p' %}{% render 'p', row: row.email %}", "[7][]"),
    ("{% include 'p' %}", "[7]"),
    ("{{ self['row'].id }}", "7"),
  ])
  func `rows are seen through the schema`(_ source: String, _ expected: String) throws {
    #expect(try rendered(source, row, partials: ["p": "[{{ row.id }}]"]) == expected)
  }

  @Test func `a renderer forgets what the last row set`() throws {
    let template = try Template(
      source: "{{ x }}{% assign x = row.id %}{% increment c %}{% cycle 'a', 'b' %}{{ x }}",
      schema: nil
    )
    var renderer = Renderer(template)
    for _ in 0..<3 {
      var output = ByteBuffer()
      let data = ValueData(Object([("row", .object(row))]))
      try renderer.render(into: &output, data: data)
      #expect(output.text == "0a7")
    }
  }

  @Test func `what failed leaves the output as it was`() throws {
    let template = try Template(source: "abc{{ 1 | divided_by: 0 }}")
    var output = ByteBuffer()
    output.append("kept")
    let error = #expect(throws: LiquidError.self) {
      try template.render(into: &output, data: ValueData(Object()))
    }
    #expect(error?.code == .zeroDivision)
    #expect(error?.column == 4)
    #expect(output.text == "kept")
  }
}
