import CommandLineInterface
import Foundation
import TestSnapshots
import Testing

@Suite struct TestCommandTests {
  private func check(_ text: String, _ name: String) {
    let difference = Snapshot.difference(text, from: name)
    #expect(difference == nil, "\(difference ?? "")")
  }

  private func project(_ tests: String?) async throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    _ = await folder.run("init --quiet")
    let sync = """
      model: customers
      topic: customers
      key: {column: id}
      changed_when: {ignore: [active]}
      tags: [crm]
      message:
        template: '{"name": "{{ row.name }}", "email": {{ row.email }}}'
      """
    try folder.write(sync, to: "syncs/customers.yml")
    if let tests { try folder.write(tests, to: "syncs/customers.test.yml") }
    return folder
  }

  private static let cases = """
    - name: as it should be
      change: added
      row: {id: 1, name: 'a "quoted" name', email: null}
      expect: {key: 1, message: {name: 'a "quoted" name', email: null}}
    - name: as it should not be
      change: changed
      row: {id: 1, name: Ada, email: a@example.com}
      previous: {name: Eda}
      expect:   # of somebody else
        key: "2"
        headers: {change: added}
        message: {name: Grace, email: null, age: 5}
    - {name: not selected, change: removed, row: {id: 1, name: a, email: b}, nothing: true}
    - name: not sent
      change: changed
      row: {id: 1, name: Ada, email: b, active: true}
      previous: {active: false}
      nothing: true
    - name: nothing yet
      change: added
      row: {id: 1, name: Ada, email: b}
    - {name: too little, change: added, row: {id: 1, name: a}, nothing: true}
    """

  @Test func `differences are shown by their paths, as text and as JSON`() async throws {
    let folder = try await project(Self.cases)
    let outcome = await folder.run("test --log-level warning")
    #expect(outcome.code == .failed)
    check(outcome.text(without: folder.path), "test")
    let json = await folder.run("test --output json --log-level warning")
    #expect(json.code == .failed)
    check(json.text(without: folder.path), "test-json")
  }

  @Test func `what comes out is recorded, and then it passes`() async throws {
    let folder = try await project(
      Self.cases.replacing(", name: a}, nothing: true", with: ", name: a, email: b}")
    )
    let recorded = await folder.run("test --record --log-level warning")
    #expect(recorded.code == .done)
    check(try folder.read("syncs/customers.test.yml"), "test-recorded")
    let again = await folder.run("test customers")
    #expect(again.code == .done)
    #expect(again.output.hasSuffix("6 cases, 6 passed\n"))
    #expect(await folder.run("test --quiet").output == "")
    let before = try folder.read("syncs/customers.test.yml")
    #expect(await folder.run("test --record").code == .done)
    #expect(try folder.read("syncs/customers.test.yml") == before)
  }

  @Test func `syncs are chosen by name and tag`() async throws {
    let folder = try await project(Self.cases)
    #expect(await folder.run("test --tag crm").code == .failed)
    #expect(await folder.run("test nobody").code == .usage)
    let none = try await project(nil)
    let outcome = await none.run("test customers")
    #expect(outcome.code == .done)
    #expect(outcome.errors.contains("it has no tests: write syncs/customers.test.yml"))
    #expect(await none.run("test").output == "0 cases\n")
  }

  @Test func `check reads the tests as well, a run does not`() async throws {
    let folder = try await project("- {name: a, change: insert, row: {id: 1}}\n")
    let outcome = await folder.run("check")
    #expect(outcome.code == .configuration)
    #expect(outcome.errors.contains("syncs/customers.test.yml:1:21: error: expected a change"))
    #expect(await folder.run("test").code == .configuration)
    #expect(await folder.run("run --quiet").code == .done)
  }

  @Test func `no database and no broker is asked`() async throws {
    let folder = try await project(Self.cases)
    try folder.write(
      """
      sources: {shop: {type: postgres, url: 'postgresql://nowhere.invalid/shop'}}
      destinations: {events: {type: kafka, brokers: "nowhere.invalid:9092"}}
      """,
      to: "sluice.yml"
    )
    #expect(await folder.run("test --record").code == .failed)
    #expect(await folder.run("test").output.contains("✓ as it should not be"))
  }

  @Test func `the examples of the documentation pass`() async throws {
    let path = FileManager.default.currentDirectoryPath + "/docs/testing-syncs.md"
    let blocks = try String(contentsOfFile: path, encoding: .utf8)
      .components(separatedBy: "```yaml\n").dropFirst()
      .map { String($0.prefix(upTo: $0.range(of: "```")?.lowerBound ?? $0.endIndex)) }
    #expect(blocks.count == 2)
    let folder = try await project(blocks.last)
    try folder.write(blocks[0], to: "syncs/customers.yml")
    let outcome = await folder.run("test")
    #expect(outcome.output.hasSuffix("4 cases, 4 passed\n"), "\(outcome.output)\(outcome.errors)")
  }

  @Test func `the tests of the bundled project pass`() async throws {
    let folder = FileManager.default.currentDirectoryPath
    let outcome = try await TemporaryFolder().run("test -C \(folder)")
    #expect(outcome.code == .done, "\(outcome.output)\(outcome.errors)")
    #expect(outcome.output.contains("customers\n"))
  }

  @Test func `a file that would grow too large is left alone`() async throws {
    let room = (1 << 20) - Self.cases.utf8.count - 20
    let padding = String(repeating: "# padding\n", count: room / 10)
    let folder = try await project(Self.cases + "\n" + padding)
    let before = try folder.read("syncs/customers.test.yml")
    let outcome = await folder.run("test --record")
    #expect(outcome.code == .failed)
    #expect(outcome.errors.contains("it would be larger than 1 MiB"))
    #expect(try folder.read("syncs/customers.test.yml") == before)
  }
}
