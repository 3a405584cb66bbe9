import Text
import Liquid
import Testing

@testable import Messages

@Suite struct PlainTemplateTests {
  private static func pieces(_ source: String) throws -> [PlainTemplate.Piece]? {
    var options = TemplateOptions()
    options.mode = .json
    let columns = TemplateSchema.Root("row", .object(["a": 0, "b": 1], isClosed: true))
    let previous = TemplateSchema.Root("previous", .object(["a": 2, "b": 3], isClosed: true))
    let template = try Template(
      source: source,
      options: options,
      schema: TemplateSchema(roots: [columns, previous])
    )
    return PlainTemplate.pieces(of: template, columnCount: 2)
  }

  private static func text(_ text: String) -> PlainTemplate.Piece { .text(Array(text.utf8)) }

  @Test func `text and columns become compact pieces`() throws {
    #expect(
      try Self.pieces(#"{ "x" : "a {{ row.a }} \n", "y": [ {{ row.b }} , 1 ] }"#) == [
        Self.text(#"{"x":"a "#), .escapedColumn(0), Self.text(#" \n","y":["#), .column(1),
        Self.text(",1]}"),
      ]
    )
    #expect(try Self.pieces("{{ row.a }}") == [.column(0)])
    #expect(try Self.pieces(#""{{ row.a }}{{ row.b }}""#)?.count == 4)
  }

  @Test(arguments: [
    // What a row holds decides whether these are valid: each message has to be looked at.
    "{{ row.a }}{{ row.b }}", "-{{ row.a }}", "{{ row.a }}0", "[{{ row.a }} {{ row.b }}]",
    "{ {{ row.a }}: 1 }", #"{"x": "\{{ row.a }}"}"#, #"{"x": "\u00{{ row.a }}"}"#,
    #"{"x": "\u{{ row.a }}"}"#, #"{"x": {{ row.a }}"#, #"{"x": tru{{ row.a }}}"#,
    // More than text and columns.
    "{{ previous.a }}", "{{ row.a | upcase }}", "{% if row.a %}1{% else %}2{% endif %}",
    "[{{ row }}]", #"{"x": "\#u{10FFFE}0\#u{10FFFE}", "y": {{ row.a }}}"#,
  ])
  func `whatever else is looked at message by message`(source: String) throws {
    #expect(try Self.pieces(source) == nil)
  }
}
