import CommandLineInterface
import Foundation
import TestSnapshots
import Testing

extension TemporaryFolder {
  fileprivate func run(words: String...) async -> Outcome {
    let (output, errors) = (MemorySink(), MemorySink())
    let code = await CommandLineInterface.run(
      words,
      environment: [:],
      currentDirectory: path,
      output: output,
      errors: errors
    )
    return Outcome(code: code, output: output.text, errors: errors.text)
  }

  /// The example's project.
  fileprivate static func example() async throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    #expect(await folder.run("init --quiet").code == .done)
    return folder
  }
}

@Suite struct RenderTests {
  private func check(_ outcome: Outcome, _ folder: TemporaryFolder, _ name: String) {
    let difference = Snapshot.difference(outcome.text(without: folder.path), from: name)
    #expect(difference == nil, "\(difference ?? "")")
  }

  private static let template = """
    { "name": "{{ row.name }}", "was": {{ previous.name }},
      "change": {{ change }}, "columns": {{ changed_columns }} }

    """

  @Test func `an object is the row, and JSON comes out in one line`() async throws {
    let folder = try TemporaryFolder([
      "body.liquid": Self.template, "row.json": #"{"name": "A \"B\"\n", "model": "x"}"#,
    ])
    let outcome = await folder.run("render body.liquid --data row.json")
    #expect(outcome.code == .done)
    #expect(outcome.errors.isEmpty)
    #expect(
      outcome.output == #"{"name":"A \"B\"\n","was":null,"change":"added","columns":[]}"# + "\n"
    )
  }

  @Test func `an object with row or previous holds the variables`() async throws {
    let data =
      #"{"row": {"id": 1, "name": "b"}, "previous": {"id": 1, "name": "a"}, "sync": {"name": "s"}}"#
    let folder = try TemporaryFolder(["body.liquid": Self.template, "v.json": data])
    #expect(
      await folder.run("render body.liquid --data v.json").output
        == #"{"name":"b","was":"a","change":"changed","columns":["name"]}"# + "\n"
    )
    let text = await folder.run(
      words: "render",
      "--template",
      "{{ sync.name }} {{ sync['name'] }} {{ model.name }}{{ run.id }} {{ event.id | size }}",
      "--mode",
      "text",
      "--data",
      "v.json"
    )
    #expect(text.output == "s s render 30\n")
  }

  @Test func `JSON lines and arrays are rendered one by one`() async throws {
    let folder = try TemporaryFolder([
      "t": "{{ row.id }}", "lines": "\u{FEFF}{\"id\": 1.50}\r\n\n{\"id\": 2}\n{\"id\": null}",
      "array": "[{\"id\": 1},\n {\"id\": [2, {}]}]",
    ])
    #expect(await folder.run("render t --data lines").output == "1.50\n2\nnull\n")
    #expect(await folder.run("render t --data lines --limit 1").output == "1.50\n")
    #expect(await folder.run("render t --data array").output == "1\n[2,{}]\n")
    #expect(await folder.run("render t --data lines --mode text").output == "1.50\n2\n\n")
    let json = await folder.run("render t --data lines --mode text --output json")
    for text in [#""output":"1.50""#, #""output":"2""#, #""output":"""#] {
      #expect(json.output.contains(text), "\(json.output)")
    }
  }

  @Test func `rows of a model are rendered as a run would`() async throws {
    let folder = try await TemporaryFolder.example()
    try folder.write("{% render 'mail', to: row %}", to: "body.liquid")
    try folder.write(
      #"{"mail": {{ to.email }}, "active": {{ to.active }}}"#,
      to: "templates/mail.liquid"
    )
    let outcome = await folder.run("render body.liquid --model customers --limit 2")
    #expect(outcome.errors == "")
    #expect(
      outcome.output == """
        {"mail":"ada@example.com","active":true}
        {"mail":"grace@example.com","active":true}

        """
    )
    let names = await folder.run(
      words: "render",
      "--template",
      "{{ sync.name }}/{{ model.name }}/{{ change }}",
      "--mode",
      "text",
      "--model",
      "customers",
      "--limit",
      "1"
    )
    #expect(names.output == "customers/customers/added\n")
  }

  @Test(arguments: [
    ("syntax", "render bad.liquid --data rows.jsonl"),
    ("filter", "render filter.liquid --data rows.jsonl"),
    ("partial", "render partial.liquid --data rows.jsonl --partials parts"),
    ("fails-on-a-row", "render divides.liquid --data rows.jsonl"),
    ("no-json", "render words.liquid --data rows.jsonl"),
    ("bad-data", "render id.liquid --data bad.jsonl"),
    ("bad-document", "render id.liquid --data bad.json"),
    ("empty-data", "render id.liquid --data empty.json"),
    ("no-object", "render id.liquid --data array.json"),
    ("unknown-column", "render filter.liquid --model customers"),
    ("unknown-model", "render id.liquid --model custmers"),
    ("no-template", "render --data rows.jsonl"), ("no-data", "render id.liquid"),
    ("no-file", "render nope.liquid --data rows.jsonl"),
    ("both", "render id.liquid --data rows.jsonl --model customers"),
    ("two-templates", "render id.liquid --template x --data rows.jsonl"),
    ("standard-input-twice", "render - --data -"),
    ("no-partials", "render id.liquid --data rows.jsonl --partials nope"),
  ]) func `what is wrong is told with its place`(_ name: String, _ line: String) async throws {
    let folder = try await TemporaryFolder.example()
    let files = [
      "bad.liquid": "{\n  \"id\": {{ row.id }\n}\n", "id.liquid": "{{ row.id }}\n",
      "filter.liquid": "{\n  \"id\": {{ row.idd | plus: 1 }},\n  \"x\": {{ row.id | upcse }} }",
      "partial.liquid": "{% render 'p', n: row.id %}",
      "parts/p.liquid": "[\n\t{{ n | tmes: 2 }}]",
      "divides.liquid": "[{{ 6 | divided_by: row.id }}]", "words.liquid": "{{ row.id }} rows",
      "rows.jsonl": "{\"id\": 1}\n{\"id\": 0}\n{\"id\": 2}\n",
      "bad.jsonl": "{\"id\": 1}\n{\"id\": 2,}\n", "bad.json": "{\n  \"id\": tru\n}",
      "empty.json": " \n",
      "array.json": "[{}, 5]",
    ]
    for (name, text) in files { try folder.write(text, to: name) }
    check(await folder.run(line), folder, "render-\(name)")
  }

  @Test func `a project of templates plans what they say`() async throws {
    let folder = try await TemporaryFolder.example()
    let sync = """
      model: customers
      topic: customers
      key: "c-{{ row.id }}"
      headers: {who: {template: "{{ row.name | upcase }}"}, kind: {variable: change}}
      message:
        template: |
          { "id": {{ row.id }}, "name": "{{ row.name }}",
            {% render "contact", mail: row.email %} }
      triggers:
        added: {}
        removed: {message: {template_file: bodies/removed.liquid}}
      limits: {render: 2s, output: 64KiB}
      """
    try folder.write(sync, to: "syncs/customers.yml")
    try folder.write("\"contact\": {\"email\": {{ mail }}}", to: "templates/contact.liquid")
    try folder.write("{\"removed\": {{ row.id }}}\n", to: "bodies/removed.liquid")
    #expect(await folder.run("check --quiet").errors == "")
    let outcome = await folder.run("plan customers")
    #expect(outcome.code == .done)
    #expect(
      outcome.output.contains(
        #"{"id":1,"name":"Ada Lovelace","contact":{"email":"ada@example.com"}}"#
      ),
      "\(outcome.output)\(outcome.errors)"
    )
    #expect(outcome.output.contains("c-1"))
  }

  @Test(arguments: [
    (
      "body",
      "message:\n  template: |\n    { \"id\": {{ row.id }},\n      \"e\": {{ row.emial }} }\n"
    ),
    ("file", "message: {template_file: bodies/a.liquid}\n"),
    ("partial", "message: {template: '{% include \"p\" %}'}\n"),
    ("variable", "headers: {a: {variable: row.emial}}\n"),
    ("header", "headers: {a: {template: \"\\u007B{ row.emial }}\"}}\n"),
  ]) func `an unknown column stops the plan at its place`(
    _ name: String,
    _ text: String
  ) async throws {
    let folder = try await TemporaryFolder.example()
    try folder.write(
      "model: customers\ntopic: t\nkey: {column: id}\n" + text,
      to: "syncs/customers.yml"
    )
    try folder.write("{\n  \"e\": {{ row.emial }}}", to: "bodies/a.liquid")
    try folder.write("[\n{{ row.emial }}]", to: "templates/p.liquid")
    #expect(await folder.run("check").code == .done)
    let outcome = await folder.run("plan customers --quiet")
    #expect(outcome.code == .configuration)
    let difference = Snapshot.difference(outcome.errors, from: "unknown-column-\(name)")
    #expect(difference == nil, "\(difference ?? "")")
  }

  @Test func `the example of the documentation gives what stands there`() async throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let file = root.appendingPathComponent("docs/configuration.md")
    let text = try String(contentsOf: file, encoding: .utf8)
    func part(_ start: String, _ end: String) throws -> String {
      let rest = try #require(text.components(separatedBy: start).dropFirst().first)
      return try #require(rest.components(separatedBy: end).first)
    }
    let folder = try TemporaryFolder([
      "body.liquid": try part("message:\n  template: |\n", "```"),
      "row.json": try part("With the row `", "` that is"),
    ])
    #expect(
      await folder.run("render body.liquid --data row.json").output
        == (try part("```json\n", "```"))
    )
  }
}
