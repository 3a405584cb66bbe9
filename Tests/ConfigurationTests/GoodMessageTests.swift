import Configuration
import Foundation
import Settings
import Testing

/// Constants and bodies that are right, and what they become.
@Suite struct GoodMessageTests {
  private func sync(_ text: String, _ files: [String: String] = [:]) throws -> SyncSettings {
    let base = "model: customers\ntopic: customers\nkey: {column: id}\n"
    let all = files.merging(["syncs/customers.yml": base + text]) { $1 }
    let result = try TemporaryProject(all.mapValues(Optional.some)).load()
    #expect(result.diagnostics.filter { $0.severity == .error }.map(\.rendered) == [])
    return try #require(result.settings?.syncs.first)
  }

  @Test(arguments: [
    ("{value: 5}", Literal.number("5")), ("{value: 0x1F}", .number("31")),
    ("{value: 0o17}", .number("15")), ("{value: +5}", .number("5")),
    ("{value: 007}", .number("7")), ("{value: -0}", .number("-0")),
    ("{value: .5}", .number("0.5")), ("{value: 1.}", .number("1")),
    ("{value: 1.50}", .number("1.50")), ("{value: 1E+3}", .number("1e+3")),
    ("{value: 123456789012345678901234567890}", .number("123456789012345678901234567890")),
    ("{value: true}", .boolean(true)), ("{value: yes}", .string("yes")), ("{value: ~}", .null),
    ("{value: ''}", .string("")), ("{value: '{{ x }}'}", .string("{{ x }}")),
    ("{value: 2024-01-01}", .string("2024-01-01")), ("{value: 1_000}", .string("1_000")),
    ("{value: 0b1}", .string("0b1")), ("{value: \"5\"}", .string("5")),
    (
      "{value: [1, a, null, {b: \"x\\n\\\"\\\\\\u0007é\"}]}",
      .json("[1,\"a\",null,{\"b\":\"x\\n\\\"\\\\\\u0007é\"}]")
    ),
    ("{value: {}}", .json("{}")), ("5", .number("5")), ("true", .boolean(true)),
  ]) func `a constant is what YAML 1.2 says`(_ text: String, _ literal: Literal) throws {
    #expect(try sync("headers: {a: \(text)}").added.headers.first?.value.value == .literal(literal))
  }

  @Test func `a body of columns nests`() throws {
    let sync = try sync(
      """
      message:
        columns:
          name: full_name
          contact: {type: {value: email}, value: {column: email}}
          form: {column: x}
          nested: {object: {column: x}}
          empty: {}
          all: all
      """
    )
    guard case .object(let members) = sync.added.body else {
      Issue.record("no object")
      return
    }
    #expect(
      members.map(describe) == [
        "name=full_name", "contact{type=\"email\",value=email}", "form=x", "nested{column=x}",
        "empty{}", "all=all",
      ]
    )
  }

  private func describe(_ member: NamedMember) -> String {
    switch member.form {
    case .object(let members):
      return "\(member.name){\(members.map(describe).joined(separator: ","))}"
    case .value(let value):
      switch value.value {
      case .column(let name): return "\(member.name)=\(name)"
      case .literal(.string(let text)): return "\(member.name)=\"\(text)\""
      default: return "\(member.name)?"
      }
    }
  }

  @Test func `bodies of a list and of one column are read`() throws {
    guard case .columns(let names) = try sync("message: {columns: [b, a]}").added.body,
      case .column(let name) = try sync("message: {column: doc}").added.body,
      case .allColumns = try sync("message: {columns: all}").added.body,
      case .tombstone = try sync("message: tombstone").added.body
    else {
      Issue.record("wrong bodies")
      return
    }
    #expect(names.map(\.value) == ["b", "a"])
    #expect(name.value == "doc")
  }

  @Test(arguments: [
    ("'{{ row.id }}'", ValueForm.template("{{ row.id }}")),
    ("'k-{% if row.id %}1{% endif %}'", .template("k-{% if row.id %}1{% endif %}")),
    ("{template: plain}", .template("plain")), ("'{ {'", .text("{ {")),
    ("{variable: change}", .variable("change")),
    ("{variable: previous.e-mail}", .variable("previous.e-mail")),
    ("{variable: 'row[\"first name\"]'}", .variable("row[\"first name\"]")),
    ("{variable: run.started_at}", .variable("run.started_at")),
    (
      "{template_file: ./a/key.liquid}", .templateFile(text: "{{ row.id }}\n", path: "a/key.liquid")
    ),
  ]) func `a value is a template where it says so`(_ text: String, _ form: ValueForm) throws {
    let files = ["a/key.liquid": "{{ row.id }}\n"]
    #expect(try sync("headers: {a: \(text)}", files).added.headers.first?.value.value == form)
  }

  @Test func `a key can be the id of the event`() throws {
    let sync = try sync("triggers: {added: {key: {event_id: true}}, changed: {}}")
    #expect(sync.added.key?.value == .eventID)
    #expect(sync.changed.key?.value == .column("id"))
  }

  @Test func `under columns only template syntax makes a template`() throws {
    let sync = try sync(
      """
      message:
        columns:
          a: '{{ row.a }}'
          b: b
          meta: {event_id: {variable: event.id}, template: {column: template}}
      """
    )
    guard case .object(let members) = sync.added.body else {
      Issue.record("no object")
      return
    }
    #expect(members.map(describe) == ["a?", "b=b", "meta{event_id?,template=template}"])
  }

  @Test func `a body is a template or a file of one`() throws {
    let text = "{ \"a\": {{ row.a }} }\n"
    let sync = try sync(
      "message:\n  template: |\n    \(text)triggers: {added: {}, removed: {message: {template_file: t.json}}}",
      ["t.json": "\u{FEFF}[{{ row.a }}]"]
    )
    guard case .template(let template) = sync.added.body,
      case .templateFile(let file, let path) = sync.removed.body
    else {
      Issue.record("wrong bodies")
      return
    }
    #expect(template.value == text)
    #expect(template.location?.description == "syncs/customers.yml:5:13")
    #expect(file == "[{{ row.a }}]")
    #expect(path.value == "t.json")
  }

  @Test func `partials come from their folder, by default from templates`() throws {
    let files = [
      "templates/a.liquid": "1", "templates/b.json": "{{", "templates/.c.liquid": "{{",
      "other/d.liquid": "{{ given }}",
    ]
    #expect(
      try sync("message: {template: '{% render \"a\" %}'}", files).templates.partials == ["a": "1"]
    )
    #expect(try sync("partials: ./other/", files).templates.partials == ["d": "{{ given }}"])
    #expect(try sync("").templates.partials == [:])
  }

  @Test func `limits are read, also from defaults`() throws {
    let defaults = """
      sources: {shop: {type: sqlite, path: shop.db}}
      destinations: {events: {type: kafka, brokers: embedded}}
      defaults: {limits: {iterations: "5"}}
      """
    let own = try sync("limits: {render: 250ms, output: 2KiB}", ["sluice.yml": defaults]).templates
    #expect(own.renderTime == .milliseconds(250))
    #expect(own.outputBytes == 2048)
    #expect(own.iterations == 1_000_000)
    let inherited = try sync("", ["sluice.yml": defaults]).templates
    #expect(inherited.iterations == 5)
    #expect(inherited.renderTime == .seconds(1))
    #expect(try sync("limits: {output: 100}").templates.outputBytes == 100)
  }
}
