import Configuration
import Foundation
import TestSupport
import Testing

/// Files that are not text, or not there to be read.
@Suite struct FileTests {
  private func errors(_ data: Data, path: String = "syncs/customers.yml") throws -> [String] {
    let project = try TemporaryProject()
    try project.write(data, to: path)
    let result = project.load()
    #expect(result.settings == nil)
    return result.diagnostics.map(\.headline)
  }

  @Test func `invalid UTF-8 is placed`() throws {
    let data = Data("model: customers\ntopic: é".utf8) + Data([0xFF]) + Data("x\n".utf8)
    #expect(
      try errors(data) == [
        "syncs/customers.yml:2:9: error: the file cannot be read: it is not UTF-8 text [SL0108]"
      ]
    )
  }

  @Test func `UTF-16 is named`() throws {
    let data = try #require("model: customers".data(using: .utf16))
    #expect(
      try errors(data) == [
        "syncs/customers.yml:1:1: error: the file cannot be read: it is UTF-16; save it as UTF-8 [SL0108]"
      ]
    )
  }

  @Test func `NUL bytes are refused`() throws {
    #expect(
      try errors(Data("model: a\0b".utf8)) == [
        "syncs/customers.yml:1:9: error: invalid YAML: a control character is not allowed [SL0101]"
      ]
    )
  }

  @Test func `a model of any bytes is refused`() throws {
    #expect(
      try errors(Data([0x80]), path: "models/customers.sql") == [
        "models/customers.sql:1:1: error: the file cannot be read: it is not UTF-8 text [SL0108]"
      ]
    )
  }

  @Test func `a named pipe is not waited for`() throws {
    let project = try TemporaryProject()
    #expect(mkfifo(project.directory + "/syncs/pipe.yml", 0o600) == 0)
    #expect(
      project.load().diagnostics.map(\.headline) == [
        "syncs/pipe.yml:1:1: error: the file cannot be read: it is not a regular file [SL0108]"
      ]
    )
  }

  @Test func `a dangling link is reported`() throws {
    let project = try TemporaryProject()
    #expect(symlink("/nowhere/at/all", project.directory + "/syncs/link.yml") == 0)
    #expect(
      project.load().diagnostics.map(\.headline) == [
        "syncs/link.yml:1:1: error: the file cannot be read: No such file or directory [SL0108]"
      ]
    )
  }

  @Test func `a filter that makes text of captured JSON is warned of at its place`() throws {
    let template = #"{% capture o %}{"x": 1}{% endcapture %}[{{ o | upcase }}]"#
    let project = try TemporaryProject([
      "syncs/customers.yml": "model: customers\ntopic: t\nmessage: {template: '\(template)'}\n"
    ])
    let result = project.load()
    #expect(result.settings != nil)
    let warning = try #require(result.diagnostics.first { $0.severity == .warning })
    #expect(warning.headline.hasPrefix("syncs/customers.yml:3:69: warning: `upcase` makes plain"))
  }

  /// Text that made some YAML parsers overflow their stack or take minutes.
  @Test(
    arguments: ["[", "{", "- ", "? ", "a: {", "\"", "&a [", "!", "{a: ", "*", "%", "#", "'"]
  )
  func `hostile repetition ends soon`(_ unit: String) throws {
    let count = 200_000 / unit.utf8.count
    let project = try TemporaryProject([
      "syncs/customers.yml": String(repeating: unit, count: count)
    ])
    #expect(project.load().settings == nil)
  }

  @Test func `of a file with countless errors a hundred are told`() throws {
    let lines = (0..<40_000).map { "password\($0): hunter2" }
    let project = try TemporaryProject([
      "sluice.yml": lines.joined(separator: "\n"), "syncs/customers.yml": nil,
      "models/customers.sql": nil,
    ])
    #expect(project.load().diagnostics.count == 101)
  }

  /// Changes good files at random places: each is read or refused, none crashes.
  @Test func `damaged files are handled`() throws {
    var random = SeededGenerator(state: 5)
    let pieces = [
      "{", "}", "[", "]", ":", "\n", "  ", "- ", "'", "\"", "${", "&a ", "*a", "|", "\t", "é",
    ]
    let text = [
      "sluice.yml": TemporaryProject.files["sluice.yml", default: ""]
        + "\ndefaults: {guards: {max_removed: 5%}, headers: {a: ${HOME}}, tags: [a]}\n",
      "models/customers.sql": TemporaryProject.files["models/customers.sql", default: ""],
      "syncs/customers.yml": TemporaryProject.files["syncs/customers.yml", default: ""]
        + "\ntriggers: {added: {topic: a}, removed: {message: tombstone}}\nschedule: '*/5 * * * *'\n",
      ".env": "A='b'\nexport C=\"d\\n\"\n",
    ]
    let project = try TemporaryProject()
    for _ in 0..<(Sweep.isWhole ? 500 : 150) {
      for (path, text) in text {
        var bytes = Array(text.utf8)
        for _ in 0..<random.next(below: 4) {
          let place = random.next(below: bytes.count)
          switch random.next(below: 3) {
          case 0: bytes.remove(at: place)
          case 1: bytes[place] = UInt8(truncatingIfNeeded: random.next(below: 256))
          default:
            bytes.insert(contentsOf: pieces[random.next(below: pieces.count)].utf8, at: place)
          }
        }
        try project.write(Data(bytes), to: path)
      }
      let result = project.load(["HOME": "h"])
      let hasError = result.diagnostics.contains { $0.severity == .error }
      #expect(hasError == (result.settings == nil))
    }
  }

  /// Cuts a good project off at every byte: each is read or refused, none crashes.
  @Test func `a file cut off anywhere is handled`() throws {
    let text = Array(
      """
      sources: {shop: {type: sqlite, path: "${A:-x}"}} # é
      destinations:
        events: {type: kafka, brokers: ["a:1", 'b:2'], sasl: {mechanism: plain, password: &p |
            text
      """.utf8
    )
    let project = try TemporaryProject()
    for length in 0...text.count {
      try project.write(Data(text.prefix(length)), to: "sluice.yml")
      let result = project.load()
      #expect(result.settings == nil)
      #expect(!result.diagnostics.isEmpty)
    }
  }
}
