import Configuration
import Foundation
import Settings
import Testing

@Suite struct SyncTestFileTests {
  private let file = "syncs/customers.test.yml"

  private func project(_ text: String) throws -> TemporaryProject {
    try TemporaryProject([file: text])
  }

  private func tests(_ project: TemporaryProject) throws -> SyncTests {
    let result = project.load(withTests: true)
    #expect(result.diagnostics.filter { $0.severity == .error }.map(\.rendered) == [])
    return try #require(result.tests.first)
  }

  @Test func `a file has cases with rows and expectations`() throws {
    let tests = try tests(
      project(
        """
        - name: whole
          change: changed
          row: {id: 1, email: "a", n: 1.50, ok: true, gone: null, list: [1, {a: b}]}
          previous: {email: null}
          expect:
            topic: t
            key: null
            partition: 3
            headers: {a: 1, b: null}
            message: {n: 1.50, list: [1, "x"]}
        - {name: 5, change: added, row: {id: 1}, rejected: too large}
        - {name: silent, change: removed, row: {id: 1}, nothing: true}
        - {name: new, change: added, row: {id: 1}}
        """
      )
    )
    #expect(tests.sync == "customers")
    #expect(tests.cases.map(\.name) == ["whole", "5", "silent", "new"])
    let first = tests.cases[0]
    #expect(first.location.line == 1 && first.location.column == 3)
    #expect(
      first.row.map(\.value) == [
        .number("1"), .string("a"), .number("1.50"), .boolean(true), .null,
        .json(#"[1,{"a":"b"}]"#),
      ]
    )
    #expect(first.previous == [.init(name: "email", value: .null)])
    #expect(
      first.expectation
        == .message(
          ExpectedMessage(
            topic: "t",
            key: .some(nil),
            partition: .some(3),
            headers: [.init(name: "a", value: "1"), .init(name: "b", value: nil)],
            message: .some(#"{"n":1.50,"list":[1,"x"]}"#)
          )
        )
    )
    #expect(
      tests.cases.dropFirst().map(\.expectation) == [.rejected("too large"), .nothing, .none]
    )
  }

  @Test func `what is wrong with tests stops no run`() throws {
    let project = try project("nonsense: [")
    #expect(project.load().settings != nil)
    #expect(project.load(withTests: true).settings == nil)
  }

  // MARK: - Recording

  private func record(
    _ text: String,
    _ expectations: [String: SyncTestCase.Expectation]
  ) throws -> String {
    let project = try project(text)
    let tests = try tests(project)
    try Configuration.record(
      expectations,
      in: tests,
      directory: project.directory,
      environment: [:]
    )
    let names = try FileManager.default.contentsOfDirectory(atPath: project.directory + "/syncs")
    #expect(Set(names) == ["customers.yml", "customers.test.yml"])
    let data = try Data(contentsOf: URL(fileURLWithPath: project.directory + "/" + file))
    return String(decoding: data, as: UTF8.self)
  }

  @Test func `expectations are put in, and everything else stays`() throws {
    let before = """
      # Above
      - name: first   # beside
        row:
          id: 1
          email: |
            several
            lines

        # between
        change: added # at the end
      # before the second
      - change: added
        expect:   # goes with what is replaced
          key: old
          # inside
          topic: old

        # after
        name: second
        row: {id: 1}
      - { name: third, change: added, row: {id: 1}, }
      - {name: fourth, nothing: true, change: added, row: {id: 1}} # end
      """
    let message = ExpectedMessage(topic: "t", message: .some(#"{"a":{"b c":[1.50,null]}}"#))
    let after = try record(
      before,
      [
        "first": .message(message), "second": .nothing, "third": .message(message),
        "fourth": .rejected("it's \"bad\""),
      ]
    )
    #expect(
      after == """
        # Above
        - name: first   # beside
          row:
            id: 1
            email: |
              several
              lines

          # between
          change: added # at the end
          expect:
            topic: t
            message:
              a:
                b c: [1.50, null]
        # before the second
        - change: added
          nothing: true

          # after
          name: second
          row: {id: 1}
        - { name: third, change: added, row: {id: 1},  expect: {topic: t, message: {a: {b c: [1.50, null]}}}}
        - {name: fourth, rejected: "it's \\"bad\\"", change: added, row: {id: 1}} # end
        """
    )
  }

  @Test func `lines keep their ends, and a byte order mark its place`() throws {
    let after = try record(
      "\u{FEFF}- name: a\r\n  change: added\r\n  row: {id: 1}\r\n",
      ["a": .message(ExpectedMessage(topic: "t", key: .some("1")))]
    )
    #expect(
      after == "\u{FEFF}- name: a\r\n  change: added\r\n  row: {id: 1}\r\n"
        + "  expect:\r\n    topic: t\r\n    key: \"1\"\r\n"
    )
  }

  @Test(arguments: [
    "plain", "", " ", "true", "null", "~", "5", "1e3", "0x1F", "- a", "a: b", "a # b", "[a",
    "{{ x }}",
    "${HOME}", "$${HOME}", "$", "it's", "\"", "\\", "\n", "a\tb", "\u{1}\u{7F}\u{85}",
    "\u{2028}\u{FEFF}",
    "ü😀", "\u{301}", "!tag", "&a", "*a", "@", "`", "%", "<<", "?", "a ", "multi\r\nline",
    String(repeating: "long ", count: 2000),
  ]) func `any text reads back as it was`(_ text: String) throws {
    let json = String(decoding: try JSONEncoder().encode([text: [text]]), as: UTF8.self)
    let expected = ExpectedMessage(
      topic: text.isEmpty ? nil : text,
      key: .some(text),
      headers: [.init(name: "h", value: text)],
      message: text.count > 1000 ? .some(nil) : .some(json)
    )
    for layout in [
      "- name: a\n  change: added\n  row: {id: 1}", "- {name: a, change: added, row: {id: 1}}",
    ] {
      // Fails if it does not read back.
      _ = try record(layout, ["a": .message(expected)])
    }
  }

  @Test(arguments: ["1", "-0", "1.50", "1e400", "1E+5", "123456789012345678901234567890", "\"1\""])
  func `numbers keep their digits`(_ json: String) throws {
    let text = try record(
      "- {name: a, change: added, row: {id: 1}}",
      ["a": .message(ExpectedMessage(message: .some(json)))]
    )
    #expect(text.lowercased().contains("message: \(json.lowercased())}}"))
  }

  @Test func `what YAML cannot hold is refused, and the file is left alone`() throws {
    let text = "- {name: a, change: added, row: {id: 1}}"
    let project = try project(text)
    let tests = try tests(project)
    let expectations = ["a": SyncTestCase.Expectation.rejected("a\u{0}b")]
    #expect(throws: Configuration.RecordingError.self) {
      try Configuration.record(
        expectations,
        in: tests,
        directory: project.directory,
        environment: [:]
      )
    }
    #expect(try String(contentsOfFile: project.directory + "/" + file, encoding: .utf8) == text)
  }

  @Test func `a file behind a link stays there, with its mode`() throws {
    let project = try TemporaryProject(["real.yml": "- {name: a, change: added, row: {id: 1}}"])
    let real = project.directory + "/real.yml"
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: real)
    try FileManager.default.createSymbolicLink(
      atPath: project.directory + "/" + file,
      withDestinationPath: "../real.yml"
    )
    try Configuration.record(
      ["a": .nothing],
      in: try tests(project),
      directory: project.directory,
      environment: [:]
    )
    #expect(try String(contentsOfFile: real, encoding: .utf8).contains("nothing: true"))
    let attributes = try FileManager.default.attributesOfItem(atPath: real)
    #expect(attributes[.posixPermissions] as? Int == 0o640)
    let link = try FileManager.default.attributesOfItem(atPath: project.directory + "/" + file)
    #expect(link[.type] as? FileAttributeType == .typeSymbolicLink)
  }

  @Test func `a file that changed meanwhile keeps its change`() throws {
    let project = try project("- {name: a, change: added, row: {id: 1}}\n")
    let tests = try tests(project)
    let changed = "- {name: a, change: added, row: {id: 2}}\n"
    try project.write(Data(changed.utf8), to: file)
    #expect(throws: Configuration.RecordingError.self) {
      try Configuration.record(
        ["a": .nothing],
        in: tests,
        directory: project.directory,
        environment: [:]
      )
    }
    #expect(try String(contentsOfFile: project.directory + "/" + file, encoding: .utf8) == changed)
  }
}
