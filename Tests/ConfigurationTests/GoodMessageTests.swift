import Configuration
import Foundation
import Settings
import Testing

/// Constants and bodies that are right, and what they become.
@Suite struct GoodMessageTests {
  private func sync(_ text: String) throws -> SyncSettings {
    let base = "model: customers\ntopic: customers\nkey: {column: id}\n"
    let result = try TemporaryProject(["syncs/customers.yml": base + text]).load()
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
}
