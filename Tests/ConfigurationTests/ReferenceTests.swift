import Configuration
import Foundation
import Settings
import Testing

@Suite struct ReferenceTests {
  /// The topic that a project with this text has.
  private func topic(
    _ text: String,
    environment: [String: String] = [:],
    files: [String: String?] = [:]
  ) throws -> String? {
    let sync = "model: customers\nkey: {column: id}\ntopic: \(text)\n"
    let project = try TemporaryProject(files.merging(["syncs/customers.yml": sync]) { $1 })
    let result = project.load(environment)
    guard case .text(let topic)? = result.settings?.syncs.first?.added.topic.value else {
      return nil
    }
    return topic
  }

  @Test(arguments: [
    ("${A}", "a"), ("x.${A}.${B}", "x.a.b"), ("'${A}'", "a"), ("\"${A}\"", "a"),
    ("${NONE:-other}", "other"), ("${EMPTY:-other}", "other"), ("${A:-other}", "a"),
    ("x${NONE:-}", "x"), ("${FLOW:-a}", "a"), ("|-\n  ${A}", "a"),
  ]) func `a reference is replaced`(_ text: String, _ expected: String) throws {
    let environment = ["A": "a", "B": "b", "EMPTY": ""]
    #expect(try topic(text, environment: environment) == expected)
  }

  @Test func `a doubled dollar and a lone one are literal`() throws {
    let project = try TemporaryProject([
      "syncs/customers.yml": """
      model: customers
      topic: t
      key: {column: id}
      headers: {a: '$${A}', b: $5, c: $A, d: 'a$', e: $${A}, f: '$$'}
      """
    ])
    let headers = try #require(project.load().settings?.syncs.first?.added.headers)
    #expect(
      headers.map(\.value.value) == ["${A}", "$5", "$A", "a$", "${A}", "$$"].map(ValueForm.text)
    )
  }

  @Test func `a file's text is read without its last newline, relative to the project`() throws {
    let files = ["secret/name": "from-file\n"]
    #expect(try topic("${file:secret/name}", files: files) == "from-file")
    #expect(try topic("${file:./secret/name}", files: files) == "from-file")
  }

  @Test func `a value with YAML in it stays one text`() throws {
    let project = try TemporaryProject([
      "syncs/customers.yml": "model: customers\ntopic: t\nkey: {column: id}\nheaders: {a: ${V}}\n"
    ])
    let value = "x, b: {c: d}] # no comment\n- e"
    let headers = try #require(project.load(["V": value]).settings?.syncs.first?.added.headers)
    #expect(headers.map(\.value.value) == [.text(value)])
  }

  @Test func `what a reference gives is typed like text in its place`() throws {
    let project = try TemporaryProject([
      "syncs/customers.yml":
        "model: customers\ntopic: t\npartition: ${P}\nkey: {value: '${P}'}\nstate: {required: ${R}}\n"
    ])
    let sync = try #require(project.load(["P": "3", "R": "true"]).settings?.syncs.first)
    #expect(sync.added.partition?.value == .literal(.number("3")))
    #expect(sync.added.key?.value == .literal(.string("3")))
    #expect(sync.stateRequired)
  }

  @Test func `the process's environment wins over the file`() throws {
    let files = [".env": "A=from-file\nB=b\n"]
    #expect(try topic("${A}.${B}", environment: ["A": "p"], files: files) == "p.b")
  }

  @Test(arguments: [
    ("A=x", "x"), ("A=x # comment", "x"), ("A=x#y", "x#y"), ("A = x ", "x"), ("export A=x", "x"),
    ("A='x # y'", "x # y"), ("A=\"x\\ty\"", "x\ty"), ("A=\"x\\\"y\\\\\"", "x\"y\\"),
    ("A='x\\ty'", "x\\ty"), ("A=\"x\ny\"", "x\ny"), ("# A=y\nA=x\r\n", "x"), ("A=y\nA=x", "x"),
    ("A=x\r\nB=y", "x"), ("A='x' # comment", "x"), ("A=a=b", "a=b"), ("\u{FEFF}A=x", "x"),
    ("A=${B}", "${B}"), ("A=naïve", "naïve"), ("A=\"\\$x\"", "$x"),
  ]) func `a line of the environment file gives its value`(_ file: String, _ value: String) throws {
    let project = try TemporaryProject([
      ".env": file,
      "syncs/customers.yml":
        "model: customers\ntopic: t\nkey: {column: id}\nheaders: {a: {value: '${A}'}}\n",
    ])
    let result = project.load()
    #expect(result.diagnostics.map(\.rendered) == [])
    let header = result.settings?.syncs.first?.added.headers.first?.value.value
    #expect(header == .literal(.string(value)))
  }
}
