import CommandLineInterface
import Foundation
import Testing

/// `sluice schema`, and the schemas that projects have.
@Suite struct SchemaCommandTests {
  @Test(arguments: ["config", "sync", "test", "model", "environment"])
  func `each schema is printed as JSON`(_ kind: String) async throws {
    let outcome = try await TemporaryFolder().run("schema \(kind)")
    #expect(outcome.code == .done)
    let schema = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    let members = try #require(schema as? [String: Any])
    #expect(members["$schema"] as? String == "http://json-schema.org/draft-07/schema#")
  }

  @Test(arguments: [
    ("schema", "KIND is missing"), ("schema conf", "unknown schema 'conf'"),
    ("schema config --write", "leave out KIND"),
  ])
  func `a schema that is not named is not guessed`(_ line: String, _ words: String) async throws {
    let outcome = try await TemporaryFolder().run(line)
    #expect(outcome.code == .usage)
    #expect((outcome.output + outcome.errors).contains(words), "\(outcome.errors)")
  }

  @Test func `the schemas that new files name are there, and new ones replace old ones`()
    async throws
  {
    let folder = try TemporaryFolder()
    #expect(await folder.run("init").code == .done)
    #expect(await folder.run("new orders --table customers").code == .done)
    for file in ["sluice.yml", "syncs/customers.yml", "syncs/orders.yml"] {
      let line = try #require(try folder.read(file).split(separator: "\n").first)
      let path = try #require(line.split(separator: "=").last)
      let base = URL(fileURLWithPath: folder.path + "/" + file).deletingLastPathComponent()
      let schema = base.appendingPathComponent(String(path)).standardizedFileURL.path
      #expect(line.hasPrefix("# yaml-language-server: $schema="))
      #expect(FileManager.default.fileExists(atPath: schema), "\(file): \(line)")
    }
    try folder.write(String(repeating: "old", count: 100_000), to: ".schema/sync.json")
    #expect(await folder.run("schema --write").code == .done)
    #expect(try await folder.read(".schema/sync.json") == folder.run("schema sync").output)
    #expect(await folder.run("check").code == .done)
  }

  @Test func `a project without schemas gets no line that an editor would complain about`()
    async throws
  {
    let folder = try TemporaryFolder()
    #expect(await folder.run("init").code == .done)
    try FileManager.default.removeItem(atPath: folder.path + "/.schema")
    #expect(await folder.run("new orders --table customers").code == .done)
    #expect(try !folder.read("syncs/orders.yml").contains("yaml-language-server"))
  }
}
