import Text
import Foundation
import JSON
import Testing
import Values

@testable import Liquid

/// The examples of docs/liquid.md: rows of its tables, `example` before `result`.
@Suite struct DocumentTests {
  private struct Example {
    var name: String
    var source: String
    var result: String
    var isJSON: Bool
  }

  @Test func `every example of the document comes out as it says`() throws {
    let (examples, row) = try DocumentTests.read()
    #expect(examples.count > 100)
    for example in examples {
      let template = try Template(
        source: example.source,
        options: TemplateOptions(mode: example.isJSON ? .json : .text),
        partials: { $0 == "greeting" ? "Hello {{ name }}!" : nil }
      )
      var output = ByteBuffer()
      try template.render(into: &output, data: ValueData(row))
      #expect(output.text.replacing("\n", with: "⏎") == example.result, "\(example.source)")
    }
  }

  @Test func `every filter and every tag has an example`() throws {
    let names = try DocumentTests.read().examples.map(\.name).joined(separator: " ")
    let tags = TemplateParser.tagNames.filter { !$0.hasPrefix("end") }
    for name in Filter.all.map(\.name) + tags {
      #expect(names.contains("`\(name)`"), "docs/liquid.md has no example of \(name)")
    }
  }

  @Test func `no filter has the name of another one, which would run in its place`() {
    #expect(Set(Filter.all.map(\.name)).count == Filter.all.count)
  }

  @Test func `the filters that Shopify does not have are marked as ours`() throws {
    let own = Set(Filter.all.filter { $0.origin == .own }.map(\.name))
    #expect(
      own == [
        "json", "raw", "sha1", "sha256", "md5", "hmac_sha1", "hmac_sha256", "to_number",
        "to_integer", "to_boolean", "parse_json", "uuid_v5", "compact_object", "only", "except",
        "keys", "values", "merge",
      ]
    )
  }

  private static func read() throws -> (examples: [Example], row: Object) {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("docs/liquid.md")
    let text = try String(contentsOf: file, encoding: .utf8)
    let blocks = text.components(separatedBy: "```")
    let json = blocks.first { $0.hasPrefix("json\n") }?.dropFirst(5) ?? "{}"
    guard case .object(let row) = try JSONParser().parse(String(json)) else {
      return ([], Object())
    }
    var isJSON = false
    let examples = text.split(separator: "\n").compactMap { line -> Example? in
      if line.hasPrefix("## ") { isJSON = line == "## Two modes" }
      let cells = line.replacing("\\|", with: "\u{0}").split(separator: "|").map { cell in
        cell.replacing("\u{0}", with: "|").trimmingCharacters(in: .whitespaces)
      }
      guard line.hasPrefix("| "), cells.count >= 3 else { return nil }
      let code = cells.suffix(2).map { cell in
        cell.hasPrefix("`") && cell.hasSuffix("`") ? String(cell.dropFirst().dropLast()) : nil
      }
      guard let source = code[0], let result = code[1] else { return nil }
      return Example(name: cells[0], source: source, result: result, isJSON: isJSON)
    }
    return (examples, row)
  }
}
